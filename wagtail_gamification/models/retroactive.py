"""The background work that follows when a badge's requirements are published."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .definitions import BadgeDefinition


class RetroactiveAward(models.Model):
    """Awarding a badge to those who qualify already, and measuring everyone anew.

    Players are gone through in the order of their keys. ``reached`` is the last that
    is done: what is interrupted goes on behind it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        FAILED = "failed", _("Failed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    badge_definition = models.ForeignKey(
        BadgeDefinition,
        verbose_name=_("badge"),
        on_delete=models.CASCADE,
        related_name="retroactive_awards",
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("started by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    awards = models.BooleanField(
        _("award"), help_text=_("Otherwise players' progress is only measured.")
    )
    tells_players = models.BooleanField(_("tell the players"), default=False)
    fingerprint = models.CharField(
        _("fingerprint"),
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("Of the rules that were published; empty where others count now."),
    )
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.WAITING
    )
    players = models.PositiveBigIntegerField(_("players"), default=0)
    players_done = models.PositiveBigIntegerField(_("players done"), default=0)
    awarded = models.PositiveBigIntegerField(_("awarded"), default=0)
    reached = models.BigIntegerField(_("reached"), default=0)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    # Also the sign of life of the one who is at it.
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("retroactive award")
        verbose_name_plural = _("retroactive awards")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.badge_definition} ({self.get_state_display()})"

    @property
    def percent(self) -> int:
        """Whole per cent of the players that are done, 0 to 100."""
        if self.state == self.State.FINISHED or not self.players:
            return 100 if self.state == self.State.FINISHED else 0
        return min(100, self.players_done * 100 // self.players)

    @property
    def is_replaced(self) -> bool:
        """Whether the badge was published again since, with rules of its own."""
        later = RetroactiveAward.objects.filter(
            badge_definition=self.badge_definition_id, pk__gt=self.pk
        )
        return later.exists()
