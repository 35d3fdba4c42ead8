"""Pages of what may be very much."""

from __future__ import annotations

from django.utils.functional import cached_property
from wagtail.admin.paginator import WagtailPaginator

MOST = 10_000


class BoundedPaginator(WagtailPaginator):
    """Counts no further than anybody turns pages.

    To count what a filter leaves of half a million rows takes as long as to find a
    page of them. Beyond :data:`MOST` it is only known that there are more.
    """

    @cached_property
    def count(self) -> int:
        return min(MOST, self._counted)

    @property
    def is_bounded(self) -> bool:
        """Whether there are more than can be turned to."""
        return self._counted > MOST

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by().values("pk")[: MOST + 1].count()
