"""Columns that the lists and the choosers share."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn, NumberColumn
from wagtail.images.shortcuts import get_rendition_or_not_found

from .querysets import THUMBNAIL_SPEC


class ThumbnailColumn(BaseColumn):
    """The image, small; an icon where there is none.

    It says nothing to a screen reader: the name stands beside it.
    """

    cell_template_name = "wagtail_gamification/cms/thumbnail_cell.html"

    def __init__(self, icon: str, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Image"))
        kwargs.setdefault("classname", "gamification-thumbnail")
        super().__init__("image", width="64px", **kwargs)
        self.icon = icon

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> Any:
        context = super().get_cell_context_data(instance, parent_context)
        if instance.image is not None:
            rendition = get_rendition_or_not_found(instance.image, THUMBNAIL_SPEC)
            context["url"] = rendition.url
            context["width"] = round(rendition.width / 2)
            context["height"] = round(rendition.height / 2)
        return context


class OptionalNumberColumn(NumberColumn):
    """A number with the separators of the reader's language, or nothing."""

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> Any:
        context = super().get_cell_context_data(instance, parent_context)
        if context["raw_value"] is None:
            context["value"] = ""
        return context
