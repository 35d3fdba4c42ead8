"""What players did, counted by day, and which deliveries were counted."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from .protection import erase_with_player

# A code is what `Event` and requirement kinds are known by.
CODE_LENGTH = 64
KEY_LENGTH = 191


class Activity(models.Model):
    """How often a player did one thing with one object on one day.

    Days are numbers (:meth:`datetime.date.toordinal`), in the player's own time zone:
    what follows upon a day is then plain arithmetic on every database.
    """

    interface = models.ForeignKey(
        "wagtail_gamification.GamificationInterface",
        verbose_name=_("interface"),
        on_delete=erase_with_player,
        related_name="activities",
        db_index=False,  # the index of what a player did begins with it
    )
    event = models.CharField(_("event"), max_length=CODE_LENGTH)
    day = models.PositiveIntegerField(_("day"))
    object_key = models.CharField(_("object"), max_length=KEY_LENGTH, blank=True)
    count = models.PositiveBigIntegerField(_("count"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            # The event first: all players who did something are looked for too.
            models.UniqueConstraint(
                fields=["event", "interface", "day", "object_key"],
                name="activity_once_per_day_and_object",
            )
        ]
        indexes = [
            models.Index(fields=["interface", "day"], name="activity_by_player"),
            # Who was active on a day.
            models.Index(fields=["day"], name="activity_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.count}"

    @property
    def date(self) -> date:
        return date.fromordinal(self.day)


class Streak(models.Model):
    """How many days in a row a player did one thing, for those who look at it.

    It is written from the activities when one that counts towards a streak is
    recorded; what decides about badges is measured from the activities themselves.
    """

    interface = models.ForeignKey(
        "wagtail_gamification.GamificationInterface",
        verbose_name=_("interface"),
        on_delete=erase_with_player,
        related_name="streaks",
        db_index=False,  # the unique constraint begins with it
    )
    event = models.CharField(_("event"), max_length=CODE_LENGTH)
    current = models.PositiveIntegerField(
        _("current"), help_text=_("Days of the run that ends with the last day.")
    )
    longest = models.PositiveIntegerField(_("longest"))
    last_day = models.PositiveIntegerField(_("last day"))
    rested_on = models.PositiveIntegerField(
        _("rested on"),
        null=True,
        blank=True,
        help_text=_("The last missed day of the current run that was forgiven."),
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("streak")
        verbose_name_plural = _("streaks")
        constraints = [
            models.UniqueConstraint(
                fields=["interface", "event"], name="streak_once_per_player"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.current}"


class EventReceipt(models.Model):
    """One delivery that was counted. The unique key refuses a second one."""

    key = models.CharField(_("key"), max_length=KEY_LENGTH, unique=True)
    # Tells the receipts that one run has written from those that were there.
    batch = models.UUIDField(_("batch"), editable=False)
    day = models.PositiveIntegerField(_("day"))
    quantity = models.PositiveIntegerField(
        _("quantity"), default=0, help_text=_("What it was counted for; 0 for nothing.")
    )
    received_at = models.DateTimeField(_("received at"), db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("event receipt")
        verbose_name_plural = _("event receipts")

    def __str__(self) -> str:
        return self.key
