"""What reports and the dashboard read: totals by day, and where players stand.

They name nobody, so they stay when a player is erased.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .definitions import BadgeDefinition
from .levels import Level


class Summary(models.Model):
    """When the totals were last brought up to date, and how far. There is one row.

    A row with a date in the past is found by its key: it is above ``settled_…``. That
    is the highest key that had been seen an hour before, as a row with a lower key may
    be committed after one with a higher. A day that is summarised twice is none the
    worse for it.
    """

    ONLY = 1

    locked_at = models.DateTimeField(_("locked at"), null=True)
    requested_at = models.DateTimeField(_("requested at"), null=True)
    summarised_at = models.DateTimeField(_("summarised at"), null=True)
    players = models.PositiveBigIntegerField(_("players"), default=0)
    active_players = models.PositiveBigIntegerField(_("active players"), default=0)
    earning_players = models.PositiveBigIntegerField(
        _("players who have a badge"), default=0
    )
    seen_at = models.DateTimeField(_("seen at"), null=True)
    seen_award = models.BigIntegerField(default=0)
    seen_change = models.BigIntegerField(default=0)
    seen_activity = models.BigIntegerField(default=0)
    settled_award = models.BigIntegerField(default=0)
    settled_change = models.BigIntegerField(default=0)
    settled_activity = models.BigIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("summary")
        verbose_name_plural = _("summaries")

    def __str__(self) -> str:
        return str(self.summarised_at or "")


class DailyTotal(models.Model):
    """All that happened on one day, in the site's time zone.

    What is ``erased_…`` is contained in the total: what players did who are gone.
    Players are active on the days of their own time zones.
    """

    day = models.DateField(_("day"), unique=True)
    awards = models.PositiveBigIntegerField(_("awards"), default=0)
    revoked = models.PositiveBigIntegerField(
        _("revoked"),
        default=0,
        help_text=_("Awards that were taken back on this day, whenever they were."),
    )
    points_earned = models.BigIntegerField(_("points earned"), default=0)
    points_spent = models.BigIntegerField(
        _("points taken"), default=0, help_text=_("Above zero where points are taken.")
    )
    active_players = models.PositiveBigIntegerField(_("active players"), default=0)
    erased_awards = models.PositiveBigIntegerField(default=0)
    erased_revoked = models.PositiveBigIntegerField(default=0)
    erased_points_earned = models.BigIntegerField(default=0)
    erased_points_spent = models.BigIntegerField(default=0)
    erased_active_players = models.PositiveBigIntegerField(default=0)

    COUNTED = ("awards", "revoked", "points_earned", "points_spent", "active_players")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("daily total")
        verbose_name_plural = _("daily totals")
        ordering = ["day"]

    def __str__(self) -> str:
        return str(self.day)


class DailyBadgeTotal(models.Model):
    """How often one badge was awarded and taken back on one day."""

    day = models.DateField(_("day"))
    badge_definition = models.ForeignKey(
        BadgeDefinition,
        verbose_name=_("badge definition"),
        on_delete=models.CASCADE,
        related_name="daily_totals",
    )
    awards = models.PositiveBigIntegerField(_("awards"), default=0)
    revoked = models.PositiveBigIntegerField(_("revoked"), default=0)
    erased_awards = models.PositiveBigIntegerField(default=0)
    erased_revoked = models.PositiveBigIntegerField(default=0)

    COUNTED = ("awards", "revoked")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("daily total of a badge")
        verbose_name_plural = _("daily totals of badges")
        ordering = ["day", "badge_definition"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "badge_definition"], name="daily_total_once_per_badge"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.awards}"


class BadgeStanding(models.Model):
    """How many players have a badge, as of the last summary."""

    badge_definition = models.OneToOneField(
        BadgeDefinition,
        verbose_name=_("badge definition"),
        on_delete=models.CASCADE,
        related_name="standing",
    )
    players = models.PositiveBigIntegerField(_("players"), default=0)
    active_players = models.PositiveBigIntegerField(_("active players"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("standing of a badge")
        verbose_name_plural = _("standings of badges")

    def __str__(self) -> str:
        return f"{self.badge_definition}: {self.players}"


class LevelStanding(models.Model):
    """How many players have reached a level, as of the last summary."""

    level = models.OneToOneField(
        Level,
        verbose_name=_("level"),
        on_delete=models.CASCADE,
        related_name="standing",
    )
    players = models.PositiveBigIntegerField(_("players"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("standing of a level")
        verbose_name_plural = _("standings of levels")

    def __str__(self) -> str:
        return f"{self.level}: {self.players}"
