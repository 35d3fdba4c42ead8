"""What players choose for themselves."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .players import GamificationInterface
from .protection import erase_with_player


class ProfileSection(models.TextChoices):
    """What a public profile may show."""

    BADGES = "badges", _("Badges")
    LEVEL = "level", _("Level")
    POINTS = "points", _("Points")
    UNLOCKABLES = "unlockables", _("Unlockables")


class Digest(models.TextChoices):
    """How often a player is written to."""

    NEVER = "", pgettext_lazy("how often", "Never")
    DAILY = "daily", pgettext_lazy("how often", "Daily")
    WEEKLY = "weekly", pgettext_lazy("how often", "Weekly")


def default_sections() -> list[str]:
    return [ProfileSection.BADGES.value, ProfileSection.LEVEL.value]


class PlayerPreferences(models.Model):
    """One player's choices. There is a row once something was chosen."""

    interface = models.OneToOneField(
        GamificationInterface,
        verbose_name=_("interface"),
        on_delete=erase_with_player,
        related_name="preferences",
    )
    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True)
    has_profile = models.BooleanField(
        _("public profile"),
        default=False,
        help_text=_("Whether anybody may see the player's own page."),
    )
    profile_sections = models.JSONField(
        _("shown on the profile"), default=default_sections, blank=True
    )
    digest = models.CharField(
        _("e-mail digest"),
        max_length=10,
        blank=True,
        choices=Digest.choices,
        default=Digest.NEVER,
    )
    digest_sent_at = models.DateTimeField(
        _("digest sent at"), null=True, blank=True, editable=False
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("player's preferences")
        verbose_name_plural = _("players' preferences")
        indexes = [
            models.Index(fields=["digest", "digest_sent_at"], name="digest_due"),
        ]

    def __str__(self) -> str:
        return str(self.interface)
