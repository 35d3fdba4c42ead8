"""Where other systems are told what happens, and what they were told."""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_gamification.conf import app_settings

from .players import GamificationInterface
from .protection import erase_with_player

SECRET_BYTES = 32
URL_LENGTH = 500


class WebhookEvent(models.TextChoices):
    """What an endpoint can be told."""

    BADGE_AWARDED = "badge.awarded", _("Badge awarded")
    BADGE_REVOKED = "badge.revoked", _("Badge taken back")
    BADGE_EXPIRED = "badge.expired", _("Badge expired")
    LEVEL_REACHED = "level.reached", _("Level reached")
    UNLOCKABLE_UNLOCKED = "unlockable.unlocked", _("Unlockable unlocked")
    POINTS_CHANGED = "points.changed", _("Points changed")


def default_events() -> list[str]:
    """Give all but the points, of which there are very many."""
    return [event.value for event in WebhookEvent if event != "points.changed"]


def make_secret() -> str:
    """Make a secret as the Standard Webhooks specification writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


class WebhookEndpoint(models.Model):
    """An address that is told of what happens."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        FAILING = "failing", _("Failing")
        PAUSED = "paused", _("Paused")
        INACTIVE = "inactive", _("Inactive")

    name = models.CharField(_("name"), max_length=128)
    url = models.CharField(
        _("address"),
        max_length=URL_LENGTH,
        help_text=_("Where messages are sent. It must begin with https://."),
    )
    events = models.JSONField(_("events"), default=default_events)
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Nothing is sent, and nothing is kept, while this is off."),
    )
    secret = models.CharField(
        _("secret"), max_length=100, default=make_secret, editable=False
    )
    secret_shown_at = models.DateTimeField(
        _("secret shown at"), null=True, blank=True, editable=False
    )
    previous_secret = models.CharField(
        _("previous secret"), max_length=100, blank=True, editable=False
    )
    previous_until = models.DateTimeField(
        _("previous secret until"), null=True, blank=True, editable=False
    )
    failing_since = models.DateTimeField(
        _("failing since"), null=True, blank=True, editable=False
    )
    paused_at = models.DateTimeField(
        _("paused at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When it was switched off because it had failed for days."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("web hook")
        verbose_name_plural = _("web hooks")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.is_active and self.paused_at is not None:
            # Switched on again: it gets another chance.
            self.paused_at = self.failing_since = None
            if (fields := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*fields, "paused_at", "failing_since"}
        super().save(*args, **kwargs)

    @property
    def state(self) -> State:
        if not self.is_active:
            return self.State.PAUSED if self.paused_at else self.State.INACTIVE
        return self.State.FAILING if self.failing_since else self.State.ACTIVE

    @property
    def secrets(self) -> list[str]:
        """The secrets that messages are signed with now, the newest first."""
        is_valid = self.previous_until and self.previous_until > timezone.now()
        return [self.secret, *([self.previous_secret] if is_valid else [])]

    def rotate_secret(self) -> None:
        """Sign with a new secret, and for some hours with the one before too."""
        self.previous_secret = self.secret
        hours = app_settings.WEBHOOK_ROTATION_HOURS
        self.previous_until = timezone.now() + timedelta(hours=hours)
        self.secret = make_secret()
        self.secret_shown_at = None
        self.save(
            update_fields=[
                "previous_secret",
                "previous_until",
                "secret",
                "secret_shown_at",
            ]
        )


class WebhookDelivery(models.Model):
    """One message to one endpoint."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")

    endpoint = models.ForeignKey(
        WebhookEndpoint,
        verbose_name=_("web hook"),
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_index=False,  # the unique constraint begins with it
        # An award never waits for somebody who edits a web hook, and one that was
        # deleted a moment ago stops no award.
        db_constraint=False,
    )
    # What is about a player goes with the player.
    interface = models.ForeignKey(
        GamificationInterface,
        verbose_name=_("interface"),
        on_delete=erase_with_player,
        related_name="webhook_deliveries",
    )
    message_id = models.CharField(_("message id"), max_length=64)
    type = models.CharField(_("event"), max_length=32, choices=WebhookEvent.choices)
    payload = models.JSONField(_("payload"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    next_attempt_at = models.DateTimeField(
        _("next attempt at"), null=True, blank=True, default=timezone.now
    )
    attempted_at = models.DateTimeField(_("last attempt at"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    status_code = models.PositiveIntegerField(_("status code"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("web hook delivery")
        verbose_name_plural = _("web hook deliveries")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "message_id"], name="webhook_message_once"
            )
        ]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="webhook_due"),
            models.Index(fields=["-created_at"], name="webhook_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.type} #{self.pk}"
