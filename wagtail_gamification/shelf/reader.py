"""What one player has, read once and put beside the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from django.utils import translation

from wagtail_gamification import catalogue
from wagtail_gamification.catalogue.entries import (
    BadgeCatalogue,
    BadgeEntry,
    ShelfLevel,
    UnlockableEntry,
)
from wagtail_gamification.models import (
    BadgeDefinition,
    LevelProgress,
    UnlockableDefinition,
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
from .selecting import (
    BADGE_CHOICES,
    UNLOCKABLE_CHOICES,
    find_category,
    named,
    selected,
)
from .state import PlayerState
from .steps import steps_of

C = TypeVar("C")


class ShelfReader(PlayerState):
    """One player, as one viewer may see them, in one language.

    ``user`` is a user or a :class:`~wagtail_gamification.models.GamificationInterface`;
    nobody (None, an anonymous user) has nothing. Neither has a player whom
    ``viewer`` may not see. Without a ``viewer`` players look at themselves. Secret
    badges look like all others where editors look, who ``knows_secrets``. Badges that
    players hide are on nobody's shelf but their own.

    What the player has is read on first use and kept, so that one reader serves a
    whole page, in two queries.
    """

    def __init__(
        self,
        user: Any,
        *,
        viewer: Any = None,
        language: str | None = None,
        knows_secrets: bool = False,
    ) -> None:
        super().__init__(user, viewer)
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
        shown = selected(found, BADGE_CHOICES, show, limit)
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
        badge = self._badge(named(slug, entries, BadgeDefinition), size)
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
            unlockables=selected(found, UNLOCKABLE_CHOICES, show, limit),
            unlocked=sum(unlockable.is_unlocked for unlockable in found),
            total=len(found),
        )

    def unlockable(
        self, slug: str | int, *, size: str = "medium"
    ) -> ShelfUnlockable | None:
        """Give one unlockable, or None where it isn't published and not unlocked.

        ``slug`` may also be the key of the definition.

        :raises UnknownDefinition: where there is no such unlockable
        """
        entries = self._entries(catalogue.unlockables, size)
        entry = named(slug, entries, UnlockableDefinition)
        if not entry.is_live and entry.definition_id not in self._unlocked:
            return None
        return self._unlockable(entry)

    def levels(self, *, size: str = "medium") -> Sequence[ShelfLevel]:
        """Give the published levels, the lowest first, whoever has reached them."""
        return self._entries(catalogue.levels, size)

    def level(self, *, size: str = "medium") -> LevelProgress:
        """Place the player among the levels, which are :class:`ShelfLevel` here."""
        levels: Sequence[ShelfLevel] = self._entries(catalogue.levels, size)
        earned = self.points_earned
        return LevelProgress.from_levels(earned, levels)  # type: ignore[arg-type]

    def once(self, key: Any, read: Callable[[], C]) -> C:
        """Read something else for the page, and keep it as long as the rest."""
        if key not in self._known:
            self._known[key] = read()
        return self._known[key]

    def _entries(self, read: Callable[[str, str], C], size: str) -> C:
        return self.once((read, size), lambda: read(self.language, size))

    def _badges_by_id(self, size: str) -> dict[int | None, BadgeEntry]:
        entries = self._entries(catalogue.badges, size).badges
        return self.once(
            ("by id", size), lambda: {entry.definition_id: entry for entry in entries}
        )

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
            unlocked_at=self._unlocked.get(entry.definition_id),
            points=self.points,
            earned=self.points_earned,
            # Nobody buys anything for somebody else.
            is_offered=entry.price is not None and self._is_own,
        )
