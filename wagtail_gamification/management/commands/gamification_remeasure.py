"""Notice what has come about by waiting."""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_gamification.actions.remeasure import remeasure
from wagtail_gamification.actions.retroactive import (
    interrupted_awards,
    run_retroactive_award,
)
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.management.progress import ProgressBar
from wagtail_gamification.models import BadgeDefinition
from wagtail_gamification.requirements import rule_index


class Command(BaseCommand):
    help = (
        "Measures all players anew and awards what has become due without an event, "
        "such as by having been a member for a year. Run it once a day. Without slugs "
        "it looks at the badges that time can make due, and goes on with retroactive "
        "awards that were interrupted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="*", help="Slugs of badges to measure.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["slug"]:
            badges = [self._find(slug) for slug in options["slug"]]
        else:
            for award in interrupted_awards():
                # One that raises is noted as a failure; the others go on.
                with suppress(Exception):
                    run_retroactive_award(str(award.uuid))
            badges = [
                pk
                for pk, badge in rule_index().by_definition.items()
                if badge.rules.change_with_time or badge.definition.expires_after
            ]
        bar = ProgressBar(self.stdout)
        awarded = remeasure(badges, bar.show)
        bar.close()
        self.stdout.write(
            ngettext(
                "%(count)d player has earned something.",
                "%(count)d players have earned something.",
                awarded,
            )
            % {"count": awarded}
        )

    def _find(self, slug: str) -> int:
        try:
            definition = BadgeDefinition.objects.by_slug(slug)
        except UnknownDefinition as error:
            raise CommandError(str(error)) from error
        if definition.pk not in rule_index().by_definition:
            raise CommandError(
                _("“%(badge)s” is not published, or has no requirements.")
                % {"badge": definition}
            )
        return definition.pk
