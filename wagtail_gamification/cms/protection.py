"""Why a definition can't be deleted, and what to do instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import quote
from django.urls import reverse
from django.utils.translation import ngettext
from wagtail.models import DraftStateMixin

from wagtail_gamification.models import BadgeDefinition
from wagtail_gamification.models.protection import players_by_definition


@dataclass(frozen=True)
class Protection:
    """What keeps one definition from being deleted."""

    definition: Any
    players: int
    """How many players have achieved it; with one or more it has to stay."""

    unpublish_url: str
    """Where it can be unpublished, empty where it can't or needn't be."""

    @property
    def is_in_force(self) -> bool:
        return self.players > 0

    @property
    def is_live(self) -> bool:
        return getattr(self.definition, "live", False)

    @property
    def reason(self) -> str:
        """Say who would lose something."""
        if isinstance(self.definition, BadgeDefinition):
            text = ngettext(
                "%(count)d player has been awarded “%(name)s”, so it can't be deleted.",
                "%(count)d players have been awarded “%(name)s”, so it can't be "
                "deleted.",
                self.players,
            )
        else:
            text = ngettext(
                "%(count)d player has unlocked “%(name)s”, so it can't be deleted.",
                "%(count)d players have unlocked “%(name)s”, so it can't be deleted.",
                self.players,
            )
        return text % {"count": self.players, "name": self.definition}


def protections(definitions: Iterable[Any], user: Any) -> list[Protection]:
    """Say for definitions of one model what keeps each of them, in one query."""
    definitions = list(definitions)
    if not definitions:
        return []
    players = players_by_definition(definitions)
    return [
        Protection(
            definition,
            players.get(definition.pk, 0),
            unpublish_url(definition, user),
        )
        for definition in definitions
    ]


def unpublish_url(definition: Any, user: Any) -> str:
    """Give where it can be unpublished, nothing where this user can't."""
    if not isinstance(definition, DraftStateMixin) or not definition.live:
        return ""
    viewset = definition.snippet_viewset
    if not viewset.permission_policy.user_has_permission_for_instance(
        user, "publish", definition
    ):
        return ""
    return reverse(viewset.get_url_name("unpublish"), args=[quote(definition.pk)])
