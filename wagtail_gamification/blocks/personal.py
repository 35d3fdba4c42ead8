"""Blocks about one player: the visitor, mostly."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from wagtail_gamification.fragments import PlayerKey
from wagtail_gamification.models import BadgeDefinition

from .base import TagBlock
from .choosers import DefinitionChooserBlock, PlayerChooserBlock, key_of

SIZES = [
    ("small", _("Small")),
    ("medium", _("Medium")),
    ("large", _("Large")),
]


class Whose(TextChoices):
    """Whose things a block shows."""

    VISITOR = "visitor", _("Whoever visits the page")
    OWNER = "owner", _("The page's owner")
    PLAYER = "player", _("A player chosen here")


def size_block(default: str = "medium") -> blocks.ChoiceBlock:
    return blocks.ChoiceBlock(choices=SIZES, default=default, label=_("Size"))


def heading_block() -> blocks.CharBlock:
    return blocks.CharBlock(
        label=_("Heading"),
        required=False,
        max_length=128,
        help_text=_("Leave it empty for the usual one."),
    )


def limit_block() -> blocks.IntegerBlock:
    return blocks.IntegerBlock(
        label=_("At most"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("How many to show. Leave it empty for all."),
    )


class PersonalBlock(TagBlock):
    """A block about one player.

    A player who isn't public looks to others like one who has nothing yet.
    """

    whose = blocks.ChoiceBlock(
        choices=Whose.choices, default=Whose.VISITOR.value, label=_("Whose")
    )
    player = PlayerChooserBlock(required=False, label=_("Player"))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["whose"] == Whose.PLAYER and not cleaned["player"]:
            message = _("Choose a player, or show the things of somebody else.")
            raise StructBlockValidationError({"player": ValidationError(message)})
        return cleaned

    def arguments(self, value: Any, context: dict[str, Any]) -> dict[str, Any] | None:
        if value.get("whose") not in (Whose.OWNER, Whose.PLAYER):
            return self.own_arguments(value)
        player = self._player(value, context)
        if player is None:
            return None
        own = self.own_arguments(value)
        return None if own is None else {**own, "user": player}

    def own_arguments(self, value: Any) -> dict[str, Any] | None:
        """Give the tag's arguments apart from the player."""
        raise NotImplementedError

    def get_form_order(self) -> list[str]:
        return [*super().get_form_order(), "whose", "player"]

    def _player(self, value: Any, context: dict[str, Any]) -> PlayerKey | None:
        if value["whose"] == Whose.PLAYER:
            key = key_of(value.get("player"))
            return PlayerKey("interface", str(key)) if key else None
        key = getattr(context.get("page"), "owner_id", None)
        return PlayerKey("user", str(key)) if key else None


class BadgeShelfBlock(PersonalBlock):
    tag = "badge_shelf"

    heading = heading_block()
    category = DefinitionChooserBlock(
        "wagtail_gamification.Category", required=False, label=_("Category")
    )
    show = blocks.ChoiceBlock(
        choices=[
            ("all", _("All")),
            ("earned", _("Only those that are earned")),
            ("locked", _("Only those that are still to be earned")),
        ],
        default="all",
        label=_("Show"),
    )
    limit = limit_block()
    size = size_block()
    steps = blocks.BooleanBlock(
        required=False,
        label=_("Steps"),
        help_text=_("Say what each badge asks for, and how far the player is."),
    )

    def own_arguments(self, value: Any) -> dict[str, Any]:
        return {
            "category": key_of(value["category"]),
            "show": value["show"],
            "limit": value["limit"],
            "size": value["size"],
            "steps": bool(value["steps"]),
            **given(value, "heading"),
        }

    class Meta:
        icon = "gamification-trophy"
        label = _("Badge shelf")
        description = _("A player's badges: those earned, and those still to come.")


class BadgeBlock(PersonalBlock):
    tag = "badge"

    badge = DefinitionChooserBlock(
        "wagtail_gamification.BadgeDefinition", label=_("Badge")
    )
    size = size_block()
    steps = blocks.BooleanBlock(
        required=False,
        label=_("Steps"),
        help_text=_("Say what the badge asks for, and how far the player is."),
    )

    def own_arguments(self, value: Any) -> dict[str, Any] | None:
        slug = key_of(value["badge"])
        if slug is None:
            return None
        return {"slug": slug, "size": value["size"], "steps": bool(value["steps"])}

    def get_preview_value(self) -> Any:
        return self.normalize({**self.get_default(), "badge": any_badge()})

    class Meta:
        icon = "gamification-badge"
        label = _("Badge")
        description = _("One badge, as it stands with the player.")


class ProgressBlock(PersonalBlock):
    badge = DefinitionChooserBlock(
        "wagtail_gamification.BadgeDefinition",
        required=False,
        label=_("Badge"),
        help_text=_("Leave it empty to show the way to the next level."),
    )

    def tag_of(self, value: Any) -> str:
        return "level" if key_of(value["badge"]) is None else "badge_progress"

    def own_arguments(self, value: Any) -> dict[str, Any]:
        slug = key_of(value["badge"])
        if slug is not None:
            return {"slug": slug}
        # Not “Level”: the page may show that too.
        return {"size": "small", "heading": gettext("Progress")}

    def get_preview_value(self) -> Any:
        return self.normalize({**self.get_default(), "badge": any_badge()})

    class Meta:
        icon = "gamification-badge"
        label = _("Progress")
        description = _("How far the player is towards a badge or the next level.")


class UnlockablesBlock(PersonalBlock):
    tag = "unlockables"

    heading = heading_block()
    show = blocks.ChoiceBlock(
        choices=[
            ("all", _("All")),
            ("unlocked", _("Only those that are unlocked")),
            ("locked", _("Only those that are still locked")),
        ],
        default="all",
        label=_("Show"),
    )
    limit = limit_block()
    size = size_block()

    def own_arguments(self, value: Any) -> dict[str, Any]:
        return {
            "show": value["show"],
            "limit": value["limit"],
            "size": value["size"],
            **given(value, "heading"),
        }

    class Meta:
        icon = "gamification-unlockable"
        label = _("Unlockables")
        description = _("What points open, and what the player has opened.")


class StandingBlock(PersonalBlock):
    tag = "standing"

    heading = heading_block()
    size = size_block()

    def own_arguments(self, value: Any) -> dict[str, Any]:
        return {"size": value["size"], **given(value, "heading")}

    class Meta:
        icon = "gamification-level"
        label = _("Points and level")
        description = _("A player's points and level, and what the next level takes.")


def given(value: Any, name: str) -> dict[str, Any]:
    """Give an argument where the editor has filled it in."""
    return {name: value[name]} if value.get(name) else {}


def any_badge() -> BadgeDefinition | None:
    """Give a badge to show in previews: the first one that isn't secret."""
    badges = BadgeDefinition.objects.live().originals()
    return badges.filter(is_secret=False).first()
