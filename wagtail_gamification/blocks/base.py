"""What all blocks of this app have in common."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup

from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.templatetags.tags import node_of


class GamificationBlock(blocks.StructBlock):
    """A block in the group “Gamification”.

    A subclass names its ``icon`` (``gamification-…``), its ``description`` and a
    ``preview_value``, so that editors see it before they choose it.
    """

    class Meta:
        group = _("Gamification")
        preview_template = "wagtail_gamification/blocks/preview.html"


class TagBlock(GamificationBlock):
    """A block that shows what one of the template tags shows.

    A subclass names the ``tag`` and gives its arguments in :meth:`arguments`.
    """

    tag: ClassVar[str]

    load_separately = blocks.BooleanBlock(
        label=_("Load separately"),
        required=False,
        help_text=_(
            "The page comes without this part, which follows at once. Choose it where "
            "the page is kept in a cache that all visitors share."
        ),
    )

    def arguments(self, value: Any, context: dict[str, Any]) -> dict[str, Any] | None:
        """Give the tag's arguments, or None where there is nothing to show.

        What was chosen may have been deleted since: then its value is None.
        """
        raise NotImplementedError

    def tag_of(self, value: Any) -> str:
        """Give the name of the tag, where it depends on what was filled in."""
        return self.tag

    def get_form_order(self) -> list[str]:
        """Name those of the form's fields that come last."""
        return []

    def get_form_layout(self) -> BlockGroup:
        last = self.get_form_order()
        apart = {*last, "load_separately"}
        first = [name for name in self.child_blocks if name not in apart]
        return BlockGroup([*first, *last], settings=["load_separately"])

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        context["html"] = self.html(value, context)
        return context

    def html(self, value: Any, context: dict[str, Any]) -> SafeString:
        """Give what the tag shows."""
        arguments = self.arguments(value, context)
        if arguments is None:
            return SafeString("")
        if value.get("load_separately"):
            arguments["lazy"] = True
        try:
            return node_of(self.tag_of(value)).show(context.get("request"), arguments)
        except UnknownDefinition:
            # Deleted since the editor chose it.
            return SafeString("")

    class Meta:
        template = "wagtail_gamification/blocks/tag.html"
