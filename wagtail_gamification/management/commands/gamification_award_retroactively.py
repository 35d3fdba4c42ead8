"""Award a badge to those who qualify already."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_gamification.actions.qualifying import find_qualifying
from wagtail_gamification.actions.retroactive import (
    make_retroactive_award,
    requirements_of,
    run_retroactive_award,
    unfinished_award,
)
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.management.progress import ProgressBar
from wagtail_gamification.models import BadgeDefinition, RetroactiveAward


class Command(BaseCommand):
    help = (
        "Awards a badge to the players who have met its published requirements, and "
        "measures the progress of the others. An award that was interrupted goes on "
        "where it stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="The slug of the badge.")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Only say who would get it.",
        )
        parser.add_argument(
            "--tell",
            action="store_true",
            help="Tell the players, as when they earn it by themselves.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        definition = self._find(options["slug"])
        if options["dry_run"]:
            self._say_who(definition)
            return
        choice = {"awards": True, "tells": options["tell"]}
        job = unfinished_award(definition, **choice) or make_retroactive_award(
            definition, **choice
        )
        bar = ProgressBar(self.stdout)

        def watch(current: RetroactiveAward) -> None:
            bar.show(current.players_done, current.players)

        try:
            run_retroactive_award(str(job.uuid), watch)
        finally:
            bar.close()
        job.refresh_from_db()
        if job.state != RetroactiveAward.State.FINISHED:
            raise CommandError(_("Another process is at it, and goes on."))
        self.stdout.write(
            ngettext(
                "%(count)d player has got “%(badge)s”.",
                "%(count)d players have got “%(badge)s”.",
                job.awarded,
            )
            % {"count": job.awarded, "badge": definition}
        )

    def _find(self, slug: str) -> BadgeDefinition:
        try:
            definition = BadgeDefinition.objects.by_slug(slug)
        except UnknownDefinition as error:
            raise CommandError(str(error)) from error
        if not definition.live:
            raise CommandError(
                _("“%(badge)s” is not published.") % {"badge": definition}
            )
        if not requirements_of(definition):
            raise CommandError(
                _("“%(badge)s” has no requirements: it is awarded by hand or by code.")
                % {"badge": definition}
            )
        return definition

    def _say_who(self, definition: BadgeDefinition) -> None:
        found = find_qualifying(definition, requirements_of(definition))
        self.stdout.write(
            ngettext(
                "%(count)d player would get “%(badge)s”, for %(points)d points.",
                "%(count)d players would get “%(badge)s”, for %(points)d points.",
                found.count,
            )
            % {"count": found.count, "badge": definition, "points": found.points}
        )
        for player in found.players:
            self.stdout.write(f"  {player}")
        if found.count > len(found.players):
            self.stdout.write(
                _("… and %(number)d more.")
                % {"number": found.count - len(found.players)}
            )
