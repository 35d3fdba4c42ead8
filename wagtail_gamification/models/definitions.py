"""What editors define: categories, badges and unlockables."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.fields import RichTextField
from wagtail.images import get_image_model_string
from wagtail.search import index

from .base import (
    Definition,
    PlayerStateManager,
    TranslatableDefinition,
)
from .chains import chains_are_checked, loop_from
from .giving import GivingRules

if TYPE_CHECKING:
    from wagtail_gamification.actions import BuyOutcome

    from .achievements import Award
    from .players import GamificationInterface


# A hundred years: far enough, and a date that every calendar has.
MOST_DAYS = 36500


def image_field(**kwargs: Any) -> models.ForeignKey:
    """Link to the site's own image model; a deleted image leaves the definition."""
    return models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        **kwargs,
    )


class Category(TranslatableDefinition):
    """A shelf's section. Deleting one leaves its badges, uncategorised."""

    description = models.TextField(_("description"), blank=True)

    class Meta(TranslatableDefinition.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")


class BadgeDefinition(GivingRules, Definition):
    """Something that players can achieve, and what it is worth.

    Publishing one gives every player a :class:`~.players.Badge`. Points, target,
    chain and limits of a translation are ignored: the original's count.
    """

    description = RichTextField(_("description"), blank=True)
    image = image_field()
    category = models.ForeignKey(
        Category,
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="badge_definitions",
    )
    points = models.PositiveIntegerField(
        _("points"),
        default=0,
        help_text=_("What a player gets each time this badge is awarded."),
    )
    progression_target = models.PositiveIntegerField(
        _("target"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "How many steps it takes. Leave empty for a badge that has no progress."
        ),
    )
    next_badge = models.ForeignKey(
        "self",
        verbose_name=_("next badge"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="previous_badges",
        help_text=_("The badge that comes after this one, as silver after bronze."),
    )
    is_secret = models.BooleanField(
        _("secret"),
        default=False,
        help_text=_("Nobody sees what it is before they have earned it."),
    )
    max_awards = models.PositiveIntegerField(
        _("most awards"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How many times one player can earn it. Empty means once."),
    )
    expires_after = models.PositiveIntegerField(
        _("expires after (days)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Leave empty for a badge that is kept for good."),
    )
    # What the editor chooses for the publication of a draft, and so part of it.
    awards_retroactively = models.BooleanField(
        _("award to those who qualify already"),
        default=True,
        help_text=_("Players who have met the requirements before get the badge too."),
    )
    tells_retroactively = models.BooleanField(
        _("tell them"),
        default=False,
        help_text=_("Otherwise they find it on their shelf."),
    )

    objects = PlayerStateManager()

    search_fields = [*Definition.search_fields, index.FilterField("category_id")]

    player_state_relation = "badges"
    player_state_fields = ("progress", "revoked", "times_awarded", "expires_at")
    player_state_is_idle = Q(last_award_number=0)

    class Meta(Definition.Meta):
        verbose_name = _("badge")
        verbose_name_plural = _("badges")
        constraints = [
            *Definition.Meta.constraints,
            models.CheckConstraint(
                condition=Q(progression_target__isnull=True)
                | Q(progression_target__gt=0),
                name="badgedefinition_target_above_zero",
            ),
        ]

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [
            ("earned", pgettext_lazy("state of a badge", "Earned")),
            ("in_progress", pgettext_lazy("state of a badge", "In progress")),
            ("locked", pgettext_lazy("state of a badge", "Locked")),
        ]

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "wagtail_gamification/previews/badge.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        from wagtail_gamification.shelf import sample_badge

        # What players who don't have a secret badge see of it.
        hidden = self.source.is_secret and mode_name != "earned"
        state = "secret" if hidden else mode_name
        context = super().get_preview_context(request, mode_name)
        return {**context, "badge": sample_badge(self, state)}

    @property
    def award_limit(self) -> int:
        """How many awards that are neither revoked nor expired one player can hold."""
        return self.max_awards or 1

    @property
    def can_be_earned_again(self) -> bool:
        """Whether progress starts over after an award."""
        return self.award_limit > 1 or self.expires_after is not None

    def expiry_from(self, earned_at: datetime) -> datetime | None:
        """When an award of ``earned_at`` stops counting, None where it never does."""
        if self.expires_after is None:
            return None
        # Not every definition was validated.
        return earned_at + timedelta(days=min(self.expires_after, MOST_DAYS))

    def clean(self) -> None:
        super().clean()
        if self.expires_after is not None:
            try:
                MaxValueValidator(MOST_DAYS)(self.expires_after)
            except ValidationError as error:
                raise ValidationError({"expires_after": error}) from error
        if self.next_badge_id and not chains_are_checked.get():
            self._refuse_loop()

    def save(self, *args: Any, **kwargs: Any) -> None:
        # A draft isn't held against what is live: only what is written is checked.
        names = kwargs.get("update_fields")
        is_chained = self.next_badge_id and (names is None or "next_badge" in names)
        if self.pk and is_chained and not chains_are_checked.get():
            self._refuse_loop()
        self._follow_requirements()
        super().save(*args, **kwargs)

    def _follow_requirements(self) -> None:
        """Take the target from the requirements, where this object has them."""
        from .requirements import target_of

        held = getattr(self, "_cluster_related_objects", None) or {}
        if requirements := held.get("requirements"):
            self.progression_target = target_of(requirements)

    def award(
        self,
        player: Any,
        by: Any = None,
        reason: str = "",
        note: str = "",
    ) -> Award | None:
        """Give this badge to ``player``, a user or an interface.

        The player may see the ``reason``; the ``note`` is internal. Gives the
        :class:`~.players.Award`, or None where nothing changed: the player has it
        (as often as it can be had), or it isn't published.
        """
        from wagtail_gamification.actions import AwardBadgeAction

        return AwardBadgeAction(
            self.source, _interface_of(player), by=by, reason=reason, note=note
        ).execute()

    def revoke(
        self, player: Any, by: Any = None, reason: str = "", note: str = ""
    ) -> bool:
        """Take this badge, and the points it paid, back from ``player``.

        Gives whether there was something to take back.
        """
        from wagtail_gamification.actions import RevokeBadgeAction

        return RevokeBadgeAction(
            self.source, _interface_of(player), by=by, reason=reason, note=note
        ).execute()

    def _refuse_loop(self) -> None:
        links = dict(
            BadgeDefinition.objects.exclude(next_badge=None).values_list(
                "pk", "next_badge_id"
            )
        )
        links[self.pk] = self.next_badge_id
        loop = loop_from(self.pk, links)
        if loop:
            names = BadgeDefinition.objects.in_bulk(loop)
            path = " → ".join(
                self.name if pk == self.pk else names[pk].name for pk in loop
            )
            raise ValidationError(
                {
                    "next_badge": ValidationError(
                        _(
                            "This would make a loop: %(path)s. Choose another next "
                            "badge, or none."
                        ),
                        code="loop",
                        params={"path": path},
                    )
                }
            )


class UnlockableDefinition(Definition):
    """Something that opens to players who have enough points."""

    description = RichTextField(_("description"), blank=True)
    image = image_field()
    points_required = models.PositiveIntegerField(
        _("points required"),
        help_text=_(
            "Everyone who has earned this many points gets it at once. Where it has a "
            "price: from then on it can be bought."
        ),
    )
    price = models.PositiveIntegerField(
        _("price"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "How many points a player pays for it. Leave empty for what isn't for sale "
            "and opens by itself. Spending points costs nobody a level."
        ),
    )
    relock = models.BooleanField(
        _("lock again"),
        default=False,
        help_text=_(
            "Take it back from players whose points fall below. Otherwise what is "
            "unlocked stays unlocked."
        ),
    )

    objects = PlayerStateManager()

    player_state_relation = "unlockables"
    player_state_fields = ()
    player_state_is_idle = Q(acquired=False)

    class Meta(Definition.Meta):
        verbose_name = _("unlockable")
        verbose_name_plural = _("unlockables")
        constraints = [
            *Definition.Meta.constraints,
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gt=0),
                name="unlockabledefinition_price_above_zero",
            ),
        ]

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [
            ("unlocked", pgettext_lazy("state of an unlockable", "Unlocked")),
            ("locked", pgettext_lazy("state of an unlockable", "Locked")),
        ]

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "wagtail_gamification/previews/unlockable.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        from wagtail_gamification.shelf import sample_unlockable

        context = super().get_preview_context(request, mode_name)
        return {**context, "unlockable": sample_unlockable(self, mode_name)}

    def buy(self, player: Any) -> BuyOutcome:
        """Unlock this for ``player``, a user or an interface, who pays its price."""
        from wagtail_gamification.actions import BuyUnlockableAction

        return BuyUnlockableAction(self.source, _interface_of(player)).execute()


def _interface_of(player: Any) -> GamificationInterface:
    from .players import GamificationInterface

    return GamificationInterface.objects.of(player)
