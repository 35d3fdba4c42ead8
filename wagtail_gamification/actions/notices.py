"""Tell players what they have got: each thing once, when and where it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import CharField, DateTimeField, QuerySet, Value
from django.utils import timezone

from wagtail_gamification.conf import app_settings
from wagtail_gamification.models.achievements import Award
from wagtail_gamification.models.levels import Level
from wagtail_gamification.models.notices import Notice
from wagtail_gamification.models.sql import insert_from_select, insert_rows
from wagtail_gamification.models.unlockables import Unlockable
from wagtail_gamification.signals import notices_created, send_on_commit

_OF_AWARDS = ("interface", "kind", "award", "created_at")
_OF_BALANCES = ("interface", "kind", "level", "unlockable_definition", "created_at")


def tell_of_awards(awards: QuerySet[Award]) -> None:
    """Tell those who have just got these awards."""
    if not app_settings.NOTICES:
        return
    insert_from_select(
        Notice,
        _OF_AWARDS,
        awards.values_list(
            "badge__interface_id",
            Value(Notice.Kind.AWARD.value, output_field=CharField()),
            "pk",
            Value(timezone.now(), output_field=DateTimeField()),
        ),
    )
    _announce(Notice.objects.filter(award__in=awards))


def tell_of_award(award: Award, interface: int) -> None:
    """Tell a player of one award."""
    if not app_settings.NOTICES:
        return
    row = (interface, Notice.Kind.AWARD, award.pk, timezone.now())
    insert_rows(Notice, _OF_AWARDS, [row])
    _announce(Notice.objects.filter(award=award))


def tell_of_balances(
    levels: Mapping[int, Level], unlocked: Sequence[Unlockable]
) -> None:
    """Tell players of the levels that they have reached, and of what they unlocked.

    What a player was told before, of a level that was left and reached again, isn't
    told again. ``levels`` are by player.
    """
    if not app_settings.NOTICES or not (levels or unlocked):
        return
    now = timezone.now()
    rows: list[tuple[Any, ...]] = [
        (item.interface_id, Notice.Kind.UNLOCKABLE, None, definition, now)
        for item in unlocked
        if (definition := item.unlockable_definition_id)
    ]
    rows += [
        (interface, Notice.Kind.LEVEL, level.pk, None, now)
        for interface, level in levels.items()
    ]
    insert_rows(Notice, _OF_BALANCES, rows)
    told = Notice.objects.filter(
        interface__in={row[0] for row in rows}, created_at=now, award=None
    )
    _announce(told)


def forget_notices(interface: int) -> None:
    """Forget what a player was told, so that it is told again when it happens again."""
    Notice.objects.filter(interface=interface).delete()


def _announce(notices: QuerySet[Notice]) -> None:
    if not notices_created.has_listeners(Notice):
        return
    keys = notices.order_by("pk").values_list("pk", flat=True)
    if found := list(keys):
        send_on_commit(notices_created, Notice, keys=found)
