"""Pages of what may be very much."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from wagtail.admin.paginator import WagtailPaginator

MOST = 10_000


class BoundedPaginator(WagtailPaginator):
    """Reads the keys of all that anybody turns to, in one query.

    To count what a filter leaves of half a million rows, and then to find a page of
    it, is to look for it twice. Beyond :data:`MOST` it is only known that there is
    more. Names are read for the rows of one page.
    """

    @cached_property
    def count(self) -> int:
        return min(MOST, len(self._keys))

    @property
    def is_bounded(self) -> bool:
        """Whether there are more than can be turned to."""
        return len(self._keys) > MOST

    def page(self, number: Any) -> Any:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self._keys[:MOST][first : first + self.per_page]
        return self._get_page(self.object_list.filter(pk__in=keys), number, self)

    @cached_property
    def _keys(self) -> list[Any]:
        return list(self.object_list.values_list("pk", flat=True)[: MOST + 1])
