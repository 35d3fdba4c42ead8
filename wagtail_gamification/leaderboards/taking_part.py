"""Who takes part in a board: one condition for lists, numbers, pages and ranks."""

from __future__ import annotations

from collections.abc import Hashable

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet

from wagtail_gamification.actions.players import is_left_out
from wagtail_gamification.conf import app_settings
from wagtail_gamification.models.leaderboards import Audience, Score, TeamMembership
from wagtail_gamification.score_index import Series

from .boards import Board


def listed_scores(board: Board, series: Series, first_day: int) -> QuerySet[Score]:
    """Give the scores of those who have a place on a board."""
    return Score.objects.filter(
        belongs(board, "interface__"),
        series=series.pk,
        first_day=first_day,
        score__gt=0,
        interface__on_boards=True,
        interface__is_public=True,
    ).order_by("-score", "interface")


def is_for_somebody(board: Board) -> bool:
    """Whether a board is about anybody: not once its group or team was deleted."""
    if board.audience == Audience.GROUP:
        return board.group is not None and "groups" in _user_fields()
    if board.audience == Audience.TEAM:
        return board.team is not None
    return True


def belongs(board: Board, prefix: str = "") -> Q:
    """Give the condition that a board is about a player, whatever they chose.

    ``prefix`` leads to the interface.
    """
    key, user = f"{prefix}pk", f"{prefix}user"
    users = get_user_model()._base_manager.all()
    condition = ~_is_unwanted(user)
    own_field = app_settings.USER_INTERFACE_FIELD
    is_theirs = Q(pk=OuterRef(user))
    if own_field:
        # An interface that several share is on boards while one of them may be.
        sharing = users.filter(**{own_field: OuterRef(key)})
        counted = sharing.exclude(_is_unwanted())
        condition &= ~Q(Exists(sharing)) | Q(Exists(counted))
        is_theirs |= Q(**{own_field: OuterRef(key)})
    if board.audience == Audience.GROUP:
        members = users.filter(groups=board.group)
        condition &= Q(Exists(members.filter(is_theirs)))
    if board.audience == Audience.TEAM:
        in_team = TeamMembership.objects.filter(team=board.team)
        condition &= Q(Exists(in_team.filter(member=OuterRef(key))))
    return condition


def deciding_settings() -> tuple[Hashable, ...]:
    """Give the settings that queries of boards are built from, for who keeps these."""
    return (
        get_user_model(),
        app_settings.USER_INTERFACE_FIELD,
        app_settings.PROFILES,
        *app_settings.EXCLUDED_GROUPS,
    )


def _is_unwanted(user: str = "") -> Q:
    condition = is_left_out(user)
    if "is_staff" in _user_fields():
        condition |= Q(**{f"{user}__is_staff" if user else "is_staff": True})
    return condition


def _user_fields() -> set[str]:
    return {field.name for field in get_user_model()._meta.get_fields()}
