"""Pages of what may be very much."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.paginator import WagtailPaginator

MOST = 10_000
# Nobody turns ten pages of what a search has found.
MOST_SEARCHED = 500


class CountsPlayersMixin:
    """Says below a list how many players there are, whatever rows stand for them."""

    def get_paginator(self, *args: Any, **kwargs: Any) -> Any:
        paginator = super().get_paginator(*args, **kwargs)  # type: ignore[misc]
        paginator.verbose_name = _("player")
        paginator.verbose_name_plural = _("players")
        return paginator


class KeyedPaginator(WagtailPaginator):
    """Finds the keys of a page first, in an index, and reads these rows alone."""

    def page(self, number: Any) -> Any:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self.keys_between(first, first + self.per_page)
        return self._get_page(self.object_list.filter(pk__in=keys), number, self)

    def keys_between(self, first: int, last: int) -> list[Any]:
        return list(self.object_list.values_list("pk", flat=True)[first:last])


class BoundedPaginator(KeyedPaginator):
    """Reads the keys of all that anybody turns to, in one query.

    To count what a filter leaves of half a million rows, and then to find a page of
    it, is to look for it twice. Beyond :attr:`most` it is only known that there is
    more.
    """

    @property
    def most(self) -> int:
        return MOST

    @cached_property
    def count(self) -> int:
        return min(self.most, len(self._keys))

    @property
    def is_bounded(self) -> bool:
        """Whether there are more than can be turned to."""
        return len(self._keys) > self.most

    def keys_between(self, first: int, last: int) -> list[Any]:
        return self._keys[: self.most][first:last]

    @cached_property
    def _keys(self) -> list[Any]:
        return list(self.object_list.values_list("pk", flat=True)[: self.most + 1])


class SearchPaginator(BoundedPaginator):
    """Pages of what was searched for: the rest of a word finds what the pages don't."""

    @property
    def most(self) -> int:
        return MOST_SEARCHED
