"""The chooser of originals, as a form field."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from wagtail.snippets.widgets import AdminSnippetChooser


class OriginalChooser(AdminSnippetChooser):
    """Chooses an original; ``exclude`` is the primary key that isn't offered."""

    def __init__(self, model: Any, exclude: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("icon", model.snippet_viewset.icon)
        super().__init__(model=model, **kwargs)
        self.exclude = exclude

    def get_chooser_modal_url(self) -> str:
        url = super().get_chooser_modal_url()
        if self.exclude is None:
            return url
        return f"{url}?{urlencode({'exclude': self.exclude})}"
