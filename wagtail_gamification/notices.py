"""What players are told, as plain data for templates, mail and programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_gamification import catalogue
from wagtail_gamification.catalogue.entries import Entry, ShelfImage
from wagtail_gamification.models import Notice

# That many are told of singly, the others are counted.
MOST_AT_ONCE = 3


@dataclass(frozen=True)
class NoticeItem:
    """One thing that a player is told, in the reader's language."""

    key: int
    """The notice's primary key."""

    interface: int
    """The player's."""

    kind: str
    """``award``, ``level`` or ``unlockable``."""

    slug: str
    """That of the badge, level or unlockable."""

    name: str
    language: str
    """The language of the name."""

    image: ShelfImage | None
    text: str
    """A sentence."""

    created_at: datetime
    is_read: bool

    @property
    def initial(self) -> str:
        """What stands in for a missing image."""
        return self.name[:1].upper()


@dataclass(frozen=True)
class NewNotices:
    """What a page tells of by itself: all that is new, in one."""

    items: tuple[NoticeItem, ...]
    """The latest, the newest first."""

    more: int
    """How many there are besides."""

    def __bool__(self) -> bool:
        return bool(self.items or self.more)


class _Row(NamedTuple):
    pk: int
    interface_id: int
    kind: str
    award__badge_definition_id: int | None
    level_id: int | None
    unlockable_definition_id: int | None
    created_at: datetime
    read_at: datetime | None


def read_notices(
    notices: QuerySet[Notice], *, size: str = "small", language: str | None = None
) -> list[NoticeItem]:
    """Give what these notices say, in one query.

    What has no definition any more, or a level that isn't published, is left out.
    """
    rows = [_Row(*row) for row in notices.values_list(*_Row._fields)]
    language = language or catalogue.active_language()
    entries = {
        Notice.Kind.AWARD: lambda: catalogue.badges(language, size).badges,
        Notice.Kind.LEVEL: lambda: catalogue.levels(language, size),
        Notice.Kind.UNLOCKABLE: lambda: catalogue.unlockables(language, size),
    }
    known: dict[str, dict[int, Entry]] = {}
    items = []
    for row in rows:
        if row.kind not in known:
            found: Sequence[Entry] = entries[Notice.Kind(row.kind)]()
            known[row.kind] = {entry.definition_id: entry for entry in found}
        definition = (
            row.award__badge_definition_id
            or row.level_id
            or row.unlockable_definition_id
        )
        if entry := known[row.kind].get(definition or 0):
            items.append(_item(row, entry))
    return items


def take_new_notices(user: Any, *, size: str = "small") -> NewNotices:
    """Give what ``user`` hasn't been told yet, and count it as told.

    Of two pages that ask at once, one gets each notice: the update of its row decides.
    Where there is nothing new, it costs one query.
    """
    new = Notice.objects.of(user).unshown().order_by()
    interface = new.values_list("interface", flat=True).first()
    if interface is None:
        return NewNotices((), 0)
    now = timezone.now()
    rows = Notice.objects.filter(interface=interface)
    if not rows.unshown().order_by().update(shown_at=now):
        return NewNotices((), 0)
    taken = rows.filter(shown_at=now).current()
    items = read_notices(taken.order_by("-pk")[:MOST_AT_ONCE], size=size)
    more = 0
    if len(items) == MOST_AT_ONCE:
        more = taken.count() - MOST_AT_ONCE
    return NewNotices(tuple(items), more)


def count_unread(user: Any) -> int:
    """Count what ``user`` hasn't read."""
    return Notice.objects.of(user).current().unread().count()


def _item(row: _Row, entry: Entry) -> NoticeItem:
    return NoticeItem(
        key=row.pk,
        interface=row.interface_id,
        kind=row.kind,
        slug=entry.slug,
        name=entry.name,
        language=entry.language,
        image=entry.image,
        text=_sentence(row.kind) % {"name": entry.name},
        created_at=row.created_at,
        is_read=row.read_at is not None,
    )


def _sentence(kind: str) -> str:
    if kind == Notice.Kind.AWARD:
        return _("You have earned the badge “%(name)s”.")
    if kind == Notice.Kind.LEVEL:
        return _("You have reached the level “%(name)s”.")
    return _("You have unlocked “%(name)s”.")
