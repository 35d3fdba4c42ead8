"""What one player has, read once and put beside the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.functional import cached_property

from wagtail_gamification import catalogue
from wagtail_gamification.catalogue.entries import (
    BadgeCatalogue,
    BadgeEntry,
    ShelfCategory,
    ShelfLevel,
    UnlockableEntry,
)
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    Category,
    GamificationInterface,
    LevelProgress,
    Unlockable,
)

from .items import (
    BadgeState,
    NextBadge,
    Shelf,
    ShelfBadge,
    ShelfUnlockable,
    UnlockableShelf,
)
from .making import BadgeRow, shelf_badge, shelf_unlockable
from .names import Names
from .steps import steps_of

C = TypeVar("C")
D = TypeVar("D", ShelfCategory, BadgeEntry)
Item = TypeVar("Item", ShelfBadge, ShelfUnlockable)

BADGE_CHOICES: dict[str, Callable[[ShelfBadge], bool]] = {
    "all": lambda badge: True,
    "earned": lambda badge: badge.is_earned,
    "locked": lambda badge: not badge.is_earned,
}
UNLOCKABLE_CHOICES: dict[str, Callable[[ShelfUnlockable], bool]] = {
    "all": lambda unlockable: True,
    "unlocked": lambda unlockable: unlockable.is_unlocked,
    "locked": lambda unlockable: not unlockable.is_unlocked,
}


class ShelfReader:
    """One player, as one viewer may see them, in one language.

    ``user`` is a user or a :class:`~wagtail_gamification.models.GamificationInterface`;
    nobody (None, an anonymous user) has nothing. Neither has a player whom
    ``viewer`` may not see. Without a ``viewer`` players look at themselves. Secret
    badges look like all others where editors look, who ``knows_secrets``. Badges that
    players hide are on nobody's shelf but their own.

    What the player has is read on first use and kept, so that one reader serves a
    whole page.
    """

    def __init__(
        self,
        user: Any,
        *,
        viewer: Any = None,
        language: str | None = None,
        knows_secrets: bool = False,
    ) -> None:
        self.user = user
        self.viewer = viewer
        self.knows_secrets = knows_secrets
        self.language = language or catalogue.active_language()
        self._known: dict[Any, Any] = {}

    def shelf(
        self,
        *,
        category: Any = None,
        show: str = "all",
        limit: int | None = None,
        size: str = "medium",
        steps: bool = False,
    ) -> Shelf:
        """Give the player's badges, secret ones last.

        A shelf of one category has no secret badges: their category is secret too.
        ``steps`` measures what each badge that is shown asks for.
        """
        everything = self._entries(catalogue.badges, size)
        wanted = None
        if category is not None:
            wanted = find_category(category, everything.categories)
        found = [
            badge
            for entry in everything.badges
            if wanted is None or entry.category == wanted
            if (badge := self._badge(entry, size)) is not None
            if wanted is None or not badge.is_secret
        ]
        # Where a secret badge stands among the others would say what it is about.
        found.sort(key=lambda badge: badge.is_secret)
        shown = _selected(found, BADGE_CHOICES, show, limit)
        return Shelf(
            badges=self._with_steps(shown, size) if steps else shown,
            earned=sum(badge.is_earned for badge in found),
            total=len(found),
            category=wanted,
        )

    def badge(
        self, slug: str | int, *, size: str = "medium", steps: bool = False
    ) -> ShelfBadge | None:
        """Give one badge, or None where it isn't published and not earned.

        ``slug`` may also be the key of the definition.

        :raises UnknownDefinition: where there is no such badge
        """
        entries = self._entries(catalogue.badges, size).badges
        meant = [
            entry for entry in entries if slug in (entry.slug, entry.definition_id)
        ]
        if not meant:
            raise UnknownDefinition(
                BadgeDefinition._meta.verbose_name_raw,
                str(slug),
                [entry.slug for entry in entries],
            )
        badge = self._badge(_preferred(meant), size)
        if badge is None or not steps:
            return badge
        return self._with_steps([badge], size)[0]

    def secret_badges(self, *, size: str = "medium") -> frozenset[int]:
        """Give the keys of the badges that nobody sees who hasn't earned them."""
        entries = self._entries(catalogue.badges, size).badges
        return frozenset(entry.definition_id for entry in entries if entry.is_secret)

    def badge_catalogue(self, size: str = "medium") -> BadgeCatalogue:
        """Give all badges in the reader's language, whoever has them."""
        return self._entries(catalogue.badges, size)

    def unlockables(
        self, *, show: str = "all", limit: int | None = None, size: str = "medium"
    ) -> UnlockableShelf:
        """Give the player's unlockables."""
        found = [
            self._unlockable(entry)
            for entry in self._entries(catalogue.unlockables, size)
            if entry.is_live or entry.definition_id in self._unlocked
        ]
        return UnlockableShelf(
            unlockables=_selected(found, UNLOCKABLE_CHOICES, show, limit),
            unlocked=sum(unlockable.is_unlocked for unlockable in found),
            total=len(found),
        )

    def level(self, *, size: str = "medium") -> LevelProgress:
        """Place the player among the levels, which are :class:`ShelfLevel` here."""
        levels: Sequence[ShelfLevel] = self._entries(catalogue.levels, size)
        return LevelProgress.from_levels(self.points, levels)  # type: ignore[arg-type]

    def once(self, key: Any, read: Callable[[], C]) -> C:
        """Read something else for the page, and keep it as long as the rest."""
        if key not in self._known:
            self._known[key] = read()
        return self._known[key]

    @cached_property
    def points(self) -> int:
        """The player's balance."""
        if self._interfaces is None:
            return 0
        return self._interfaces.values_list("points", flat=True).first() or 0

    def _entries(self, read: Callable[[str, str], C], size: str) -> C:
        return self.once((read, size), lambda: read(self.language, size))

    def _badges_by_id(self, size: str) -> dict[int | None, BadgeEntry]:
        entries = self._entries(catalogue.badges, size).badges
        return self.once(
            ("by id", size), lambda: {entry.definition_id: entry for entry in entries}
        )

    @cached_property
    def _interfaces(self) -> QuerySet | None:
        """The player's interface as a query, or None where nobody is meant."""
        interfaces = GamificationInterface.objects.order_by()
        if isinstance(self.user, GamificationInterface):
            interfaces = interfaces.filter(pk=self.user.pk)
        elif getattr(self.user, "is_authenticated", False):
            interfaces = interfaces.owned_by(self.user)
        elif not self.user or hasattr(self.user, "is_authenticated"):
            return None
        else:
            raise ValueError(
                f"{self.user!r} is neither a user nor a gamification interface."
            )
        if self.viewer is None or self.viewer == self.user:
            return interfaces
        return interfaces.visible_to(self.viewer)

    @cached_property
    def _is_own(self) -> bool:
        """Whether the players themselves look.

        What has ended is nobody else's business: to others it looks as if it had never
        been earned.
        """
        if self.viewer is None or self.viewer == self.user:
            return True
        if not isinstance(self.user, GamificationInterface):
            return False
        if not getattr(self.viewer, "is_authenticated", False):
            return False
        players = GamificationInterface.objects.filter(pk=self.user.pk)
        return players.owned_by(self.viewer).exists()

    @cached_property
    def _rows(self) -> dict[int, BadgeRow]:
        if self._interfaces is None:
            return {}
        rows = Badge._base_manager.filter(
            Q(acquired=True) | Q(progress__gt=0), interface__in=self._interfaces
        )
        return {
            definition_id: BadgeRow(*values)
            for definition_id, *values in rows.values_list(
                "badge_definition_id", *BadgeRow._fields
            )
        }

    @cached_property
    def _unlocked(self) -> dict[int, datetime | None]:
        if self._interfaces is None:
            return {}
        rows = Unlockable._base_manager.filter(
            acquired=True, interface__in=self._interfaces
        )
        return dict(rows.values_list("unlockable_definition_id", "acquired_at"))

    def _badge(self, entry: BadgeEntry, size: str) -> ShelfBadge | None:
        """Give a badge, or None where the player doesn't get to see it."""
        state = self._state(entry)
        if state is None:
            return None
        row = self._rows.get(entry.definition_id, BadgeRow())
        return shelf_badge(entry, state, row, self._next_badge(entry, size))

    def _state(self, entry: BadgeEntry) -> BadgeState | None:
        row = self._rows.get(entry.definition_id, BadgeRow())
        if row.is_hidden and not self._is_own:
            return None
        if row.counts:
            return BadgeState.EARNED
        if not entry.is_live:
            return None
        if entry.is_secret and not self.knows_secrets:
            return BadgeState.SECRET
        if row.is_expired and self._is_own:
            return BadgeState.EXPIRED
        # Steps that a revoked badge was earned with don't earn it again.
        is_used_up = row.revoked and row.progress >= (entry.target or 0)
        if entry.target and row.progress and not is_used_up:
            return BadgeState.IN_PROGRESS
        return BadgeState.LOCKED

    def _next_badge(self, entry: BadgeEntry, size: str) -> NextBadge | None:
        following = self._badges_by_id(size).get(entry.next_id)
        state = self._state(following) if following else None
        if following is None or state in (None, BadgeState.SECRET):
            return None
        return NextBadge(following.definition_id, following.slug, following.name, state)

    def _with_steps(
        self, badges: Sequence[ShelfBadge], size: str
    ) -> tuple[ShelfBadge, ...]:
        """Measure what these badges ask for, all in one query.

        Secret ones have no key here, and so no steps.
        """
        names = Names(
            badge=lambda pk: self._known_name(pk, size),
            categories={
                category.definition_id: category.name
                for category in self._entries(catalogue.badges, size).categories
            },
            levels=lambda: {
                level.definition_id: level.name
                for level in self._entries(catalogue.levels, size)
            },
            unlockables=lambda: {
                unlockable.definition_id: unlockable.name
                for unlockable in self._entries(catalogue.unlockables, size)
                if unlockable.is_live
            },
        )
        keys = [badge.definition_id for badge in badges if badge.definition_id]
        rounds = {pk: row.rounds for pk, row in self._rows.items()}
        hidden = {pk for pk, row in self._rows.items() if row.is_hidden}
        if hidden and self._is_own:
            hidden.clear()
        # The page's own language, regional forms and all, says it best.
        is_active = self.language == catalogue.active_language()
        language = translation.get_language() if is_active else self.language
        with translation.override(language):
            found = steps_of(keys, self._interfaces, rounds, names, hidden)
        return tuple(
            replace(badge, steps=found.get(badge.definition_id or 0, ()))
            for badge in badges
        )

    def _known_name(self, definition_id: int, size: str) -> str | None:
        """Give a badge's name, None where the player doesn't get to see it.

        That others ask for one that the player hides is no secret of the player's.
        """
        entry = self._badges_by_id(size).get(definition_id)
        if entry is None:
            return None
        if entry.is_live and not entry.is_secret:
            return entry.name
        return None if self._state(entry) in (None, BadgeState.SECRET) else entry.name

    def _unlockable(self, entry: UnlockableEntry) -> ShelfUnlockable:
        return shelf_unlockable(
            entry,
            is_unlocked=entry.definition_id in self._unlocked,
            points=self.points,
            unlocked_at=self._unlocked.get(entry.definition_id),
        )


def find_category(category: Any, categories: Sequence[ShelfCategory]) -> ShelfCategory:
    """Give the category that an object, a slug or a key means.

    :raises UnknownDefinition: where there is none
    """
    if isinstance(category, Category):
        meant = [item for item in categories if item.definition_id == category.state_id]
    elif isinstance(category, ShelfCategory):
        wanted_id = category.definition_id
        meant = [item for item in categories if item.definition_id == wanted_id]
    elif isinstance(category, int):
        meant = [item for item in categories if item.definition_id == category]
    else:
        meant = [item for item in categories if item.slug == category]
    if not meant:
        raise UnknownDefinition(
            Category._meta.verbose_name_raw,
            getattr(category, "slug", str(category)),
            [item.slug for item in categories],
        )
    return _preferred(meant)


def _preferred(meant: Sequence[D]) -> D:
    """Choose as ``by_slug()`` does: the default language's comes first."""
    return min(meant, key=lambda item: (not item.is_default, item.definition_id))


def _selected(
    found: Sequence[Item],
    choices: Mapping[str, Callable[[Item], bool]],
    show: str,
    limit: int | None,
) -> tuple[Item, ...]:
    if show not in choices:
        raise ValueError(
            f"There is nothing to show as “{show}”. Choose from: {', '.join(choices)}."
        )
    if limit is not None and (
        isinstance(limit, bool) or not isinstance(limit, int) or limit < 1
    ):
        raise ValueError(f"limit must be a whole number from 1 up, not “{limit}”.")
    return tuple(item for item in found if choices[show](item))[:limit]
