"""Rows that appear by themselves: each player has one for each definition.

Both directions are one ``INSERT … SELECT`` statement. A row that is there already
is left as it is, so all of this may run twice, or at the same time as anything.
"""

from __future__ import annotations

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    GamificationInterface,
    Unlockable,
    UnlockableDefinition,
)
from wagtail_gamification.models.managers import users_without_interface
from wagtail_gamification.models.sql import insert_from_select, whether

from .balances import is_bought

BADGE_FIELDS = (
    "interface",
    "badge_definition",
    "progress",
    "acquired",
    "revoked",
    "times_awarded",
    "last_award_number",
    "rounds",
)
NEW_BADGE = (Value(0), Value(False), Value(False), Value(0), Value(0), Value(0))

UNLOCKABLE_FIELDS = (
    "interface",
    "unlockable_definition",
    "acquired",
    "acquired_at",
)


def give_badges_to(interface: GamificationInterface) -> int:
    """Give a new player a badge of each definition; give how many."""
    definitions = BadgeDefinition.objects.originals().ever_published()
    return insert_from_select(
        Badge,
        BADGE_FIELDS,
        definitions.order_by().values_list(Value(interface.pk), "pk", *NEW_BADGE),
    )


def give_unlockables_to(interface: GamificationInterface) -> int:
    """Give a new player an unlockable of each definition; give how many.

    Those that need no points, and cost none, are unlocked. Where rows aren't prepared,
    the player gets only these.
    """
    definitions = UnlockableDefinition.objects.originals().ever_published()
    is_free = Q(live=True, points_required=0, price=None)
    if not app_settings.PREPARE_ROWS:
        definitions = definitions.filter(is_free)
    return insert_from_select(
        Unlockable,
        UNLOCKABLE_FIELDS,
        definitions.order_by().values_list(
            Value(interface.pk), "pk", *_unlocked_where(is_free)
        ),
    )


def give_badge_to_everyone(definition: BadgeDefinition) -> int:
    """Give every player a badge of a definition; give how many were missing."""
    return insert_from_select(
        Badge,
        BADGE_FIELDS,
        GamificationInterface.objects.order_by().values_list(
            "pk", Value(definition.pk), *NEW_BADGE
        ),
    )


def give_unlockable_to_everyone(definition: UnlockableDefinition) -> int:
    """Give every player an unlockable, unlocked for those who have the points.

    What has a price is unlocked for nobody.

    Where rows aren't prepared, only those who have the points get one.
    """
    has_points = Q(points_earned__gte=definition.points_required)
    if definition.price is not None:
        has_points = Q(pk__in=[])
    players = GamificationInterface.objects.order_by()
    if not app_settings.PREPARE_ROWS:
        players = players.filter(has_points)
    return insert_from_select(
        Unlockable,
        UNLOCKABLE_FIELDS,
        players.values_list("pk", Value(definition.pk), *_unlocked_where(has_points)),
    )


def unlock_for_those_with_points(definition: UnlockableDefinition) -> int:
    """Unlock a definition that became new or cheaper; give how many got it.

    Sends no signal: nobody did anything, and a site shouldn't greet all at once.
    """
    if definition.price is not None:
        return 0
    rich = GamificationInterface.objects.filter(
        points_earned__gte=definition.points_required
    )
    return Unlockable._base_manager.filter(
        unlockable_definition=definition, acquired=False, interface__in=rich
    ).update(acquired=True, acquired_at=timezone.now())


def lock_for_those_below(definition: UnlockableDefinition) -> int:
    """Lock a definition that became dearer, where it asks for that; give how many.

    Those who have paid for it keep it.
    """
    if not definition.relock:
        return 0
    poor = GamificationInterface.objects.filter(
        points_earned__lt=definition.points_required
    )
    return Unlockable._base_manager.filter(
        ~is_bought(),
        unlockable_definition=definition,
        acquired=True,
        interface__in=poor,
    ).update(acquired=False, acquired_at=None)


def give_interface_to_everyone(among: QuerySet | None = None) -> int:
    """Give every user that has none an interface; give how many.

    ``among`` narrows it to these users. Badges and unlockables are not given with it:
    see :func:`prepare_everything`.
    """
    new = users_without_interface().order_by()
    if among is not None:
        new = new.filter(pk__in=among.order_by().values("pk"))
    made = insert_from_select(
        GamificationInterface,
        ("user", "points", "is_public"),
        new.values_list("pk", Value(0), Value(True)),
    )
    field = app_settings.USER_INTERFACE_FIELD
    if field:
        new.update(**{field: _interface_of_each_user()})
    return made


def prepare_everything() -> tuple[int, int]:
    """Give every player what is missing: badges and unlockables.

    Gives how many of each. One statement a definition, however many players.
    """
    badges = 0
    if app_settings.PREPARE_ROWS:
        badges = sum(
            give_badge_to_everyone(definition)
            for definition in BadgeDefinition.objects.originals().ever_published()
        )
    unlockables = 0
    for definition in UnlockableDefinition.objects.originals().live():
        unlockables += give_unlockable_to_everyone(definition)
        unlock_for_those_with_points(definition)
    return badges, unlockables


def _interface_of_each_user() -> Subquery:
    return Subquery(
        GamificationInterface.objects.filter(user=OuterRef("pk")).values("pk")[:1]
    )


def _unlocked_where(condition: Q) -> tuple[Case, Case]:
    return (
        whether(condition),
        Case(When(condition, then=Now()), default=None),
    )
