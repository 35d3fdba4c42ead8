"""A block whose content only those see who have what opens it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from wagtail_gamification.gating import gate_for, may_see_notes
from wagtail_gamification.shelf import Gate, GateKind
from wagtail_gamification.shelf.gates import BROKEN

from .base import GamificationBlock
from .choosers import DefinitionChooserBlock, key_of


class GatedBlock(GamificationBlock):
    """Content for those who have a badge, an unlockable or a level.

    Everybody else sees the teaser, how far they are, and what to do next. The content
    is in neither their page nor the API nor the search index. A site gives its own
    blocks: ``GatedBlock(content=[("text", RichTextBlock())])``.
    """

    badge = DefinitionChooserBlock(
        "wagtail_gamification.BadgeDefinition", required=False, label=_("Badge")
    )
    unlockable = DefinitionChooserBlock(
        "wagtail_gamification.UnlockableDefinition",
        required=False,
        label=_("Unlockable"),
    )
    level = DefinitionChooserBlock(
        "wagtail_gamification.Level", required=False, label=_("Level")
    )
    teaser = blocks.RichTextBlock(
        required=False,
        label=_("Teaser"),
        features=["bold", "italic", "link"],
        help_text=_("For those to whom it is closed. What opens it is added to it."),
    )

    def __init__(self, content: Any = None, **kwargs: Any) -> None:
        if content is None:
            content = [("text", blocks.RichTextBlock(label=_("Text")))]
        if not isinstance(content, blocks.Block):
            content = blocks.StreamBlock(content, label=_("Content"))
        super().__init__([("content", content)], **kwargs)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        chosen = [kind for kind in GateKind.values if cleaned.get(kind)]
        if len(chosen) != 1:
            message = _(
                "Choose what opens it: either a badge, or an unlockable, or a level."
            )
            wrong = chosen[1:] or GateKind.values[:1]
            raise StructBlockValidationError(
                {name: ValidationError(message) for name in wrong}
            )
        return cleaned

    def gate(self, value: Any, request: Any, *, steps: bool = False) -> Gate:
        """Say whether it is open to the visitor; without a request it is closed."""
        asked = {kind: key_of(value.get(kind)) for kind in GateKind.values}
        chosen = {kind: key for kind, key in asked.items() if key is not None}
        if len(chosen) != 1:
            return BROKEN
        [(kind, key)] = chosen.items()
        return gate_for(request, kind, key, steps=steps)

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        request = context.get("request")
        is_preview = bool(getattr(request, "is_preview", False))
        gate = self.gate(value, request, steps=True)
        shows_content = gate.is_open or is_preview
        return {
            **context,
            "gate": gate,
            "is_preview": is_preview,
            "shows_notes": is_preview or (gate.is_broken and may_see_notes(request)),
            "content": value.get("content") if shows_content else None,
            "teaser": value.get("teaser"),
        }

    def get_api_representation(
        self, value: Any, context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        gate = self.gate(value, (context or {}).get("request"))
        teaser = self.child_blocks["teaser"]
        kinds = [kind for kind in GateKind.values if key_of(value.get(kind))]
        found = {
            "is_open": gate.is_open,
            "opens_with": {"kind": kinds[0], "slug": gate.slug} if kinds else None,
            "teaser": teaser.get_api_representation(value.get("teaser"), context),
        }
        if gate.is_open:
            content = self.child_blocks["content"]
            found["content"] = content.get_api_representation(
                value.get("content"), context
            )
        return found

    def get_searchable_content(self, value: Any) -> list[str]:
        """Give nothing: who finds it by its words knows them."""
        return []

    class Meta:
        icon = "lock"
        label = _("Gated content")
        description = _(
            "Content for those who have a badge, an unlockable or a level, and a "
            "teaser for everybody else."
        )
        template = "wagtail_gamification/blocks/gated.html"
