"""The tags that tell visitors what they have got."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from wagtail_gamification.notices import NewNotices, count_unread, take_new_notices
from wagtail_gamification.shelf import ShelfReader

from .nodes import ShelfNode


class NoticesNode(ShelfNode):
    """``{% gamification_notices %}``: what is new, once, and a place for what comes."""

    template_name = "wagtail_gamification/notices/new.html"
    label = gettext_lazy("What is new for you")

    def read(self, reader: ShelfReader, *, size: str = "small") -> NewNotices | None:
        if not _is_own(reader):
            return None
        return take_new_notices(reader.user, size=size)

    def context(self, data: NewNotices, **_: Any) -> dict[str, Any]:
        return {"notices": data}

    def find(self, request: Any, arguments: dict[str, Any]) -> Any:
        # Nobody looks at what a browser fetches in advance, nor is it told to the
        # editor who looks at a draft.
        if request is not None and (
            "prefetch" in request.headers.get("Sec-Purpose", "")
            or getattr(request, "is_preview", False)
        ):
            return None
        return super().find(request, arguments)


class UnreadNode(ShelfNode):
    """``{% unread_notices %}``: how many notices the visitor hasn't read."""

    template_name = "wagtail_gamification/notices/unread.html"
    label = gettext_lazy("Notices")

    def read(self, reader: ShelfReader) -> int:
        return count_unread(reader.user) if _is_own(reader) else 0

    def context(self, data: int, **_: Any) -> dict[str, Any]:
        return {"unread": data}


def _is_own(reader: ShelfReader) -> bool:
    """Whether somebody signed in looks at what is theirs: nobody else is told."""
    if not getattr(reader.user, "is_authenticated", False):
        return False
    return reader.viewer is None or reader.viewer == reader.user
