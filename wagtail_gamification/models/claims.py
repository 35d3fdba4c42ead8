"""Claim codes: what is handed out at events, and who has claimed a badge with it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .achievements import Award
from .codes import LENGTH, grouped_code, new_code
from .definitions import BadgeDefinition
from .players import GamificationInterface
from .protection import erase_with_player


class ClaimCodeQuerySet(models.QuerySet):
    def claimable(self) -> ClaimCodeQuerySet:
        """Give those that a player can claim a badge with now.

        Whether the badge is published isn't asked: the condition stands on the row
        that is updated, as awarding wants it.
        """
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
            is_active=True,
            claim_count__lt=F("max_claims"),
        )


class ClaimCode(models.Model):
    """A code that gives a badge: to one player, or to as many as ``max_claims``.

    It is kept as it is printed: editors print it again, and look up the one that
    somebody shows them.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of a claim code", "Open")
        USED_UP = "used_up", pgettext_lazy("state of a claim code", "Used up")
        EXPIRED = "expired", pgettext_lazy("state of a claim code", "Expired")
        INACTIVE = "inactive", pgettext_lazy("state of a claim code", "Deactivated")

    badge_definition = models.ForeignKey(
        BadgeDefinition,
        verbose_name=_("badge"),
        on_delete=models.CASCADE,
        related_name="claim_codes",
    )
    code = models.CharField(
        _("code"), max_length=LENGTH, unique=True, default=new_code, editable=False
    )
    batch = models.UUIDField(
        _("batch"),
        default=uuid.uuid4,
        editable=False,
        db_index=True,
        help_text=_("The same for all codes that were made at once."),
    )
    label = models.CharField(
        _("label"),
        max_length=128,
        blank=True,
        help_text=_("What the codes are for. Players don't see it."),
    )
    max_claims = models.PositiveIntegerField(
        _("most claims"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("How many players can claim the badge with it."),
    )
    # A counter beside the claims, so that one conditional UPDATE of this row decides
    # who gets the last one, and a player who is erased opens no place.
    claim_count = models.PositiveIntegerField(_("claims"), default=0, editable=False)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = models.Manager.from_queryset(ClaimCodeQuerySet)()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("claim code")
        verbose_name_plural = _("claim codes")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(claim_count__lte=F("max_claims")),
                name="claimcode_claims_within_maximum",
            )
        ]
        indexes = [
            # What somebody has made of a badge lately is counted.
            models.Index(
                fields=["created_by", "badge_definition", "created_at"],
                name="claimcode_by_maker",
            )
        ]

    def __str__(self) -> str:
        return self.grouped

    @property
    def grouped(self) -> str:
        """The code as it is printed."""
        return grouped_code(self.code)

    @property
    def is_shared(self) -> bool:
        """Whether more than one player can claim the badge with it."""
        return self.max_claims > 1

    @property
    def state(self) -> State:
        """What it is good for now, as far as the code itself decides."""
        if not self.is_active:
            return self.State.INACTIVE
        if self.claim_count >= self.max_claims:
            return self.State.USED_UP
        if self.expires_at is not None and self.expires_at <= timezone.now():
            return self.State.EXPIRED
        return self.State.OPEN


class Claim(models.Model):
    """The record that a player has claimed a badge with a code."""

    claim_code = models.ForeignKey(
        ClaimCode,
        verbose_name=_("code"),
        on_delete=models.CASCADE,
        related_name="claims",
        db_index=False,  # the unique constraint begins with it
    )
    interface = models.ForeignKey(
        GamificationInterface,
        verbose_name=_("player"),
        on_delete=erase_with_player,
        related_name="claims",
    )
    award = models.OneToOneField(
        Award,
        verbose_name=_("award"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="claim",
    )
    claimed_at = models.DateTimeField(
        _("claimed at"), default=timezone.now, db_index=True
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["-claimed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim_code", "interface"], name="claim_once_per_player"
            )
        ]

    def __str__(self) -> str:
        return f"{self.claim_code}: {self.interface}"

    @property
    def taken_back_at(self) -> datetime | None:
        """When the award was revoked, None where it wasn't."""
        return self.award.revoked_at if self.award else None
