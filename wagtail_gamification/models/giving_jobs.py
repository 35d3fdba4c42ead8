"""One badge, or some points, given to many players in the background."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .definitions import BadgeDefinition

SEE_PLAYERS = "wagtail_gamification.view_gamificationinterface"
# What the key of a booking of points begins with, where a job gave them.
KEY_PREFIX = "bulk:"


class GivingJobQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> GivingJobQuerySet:
        """Give one's own, and everybody's to those who may see players."""
        return self if user.has_perm(SEE_PLAYERS) else self.filter(started_by=user.pk)


class GivingJob(models.Model):
    """Giving a badge or points to many players at once.

    The players are written down as rows before it begins, and are gone through in the
    order of these. ``reached`` is the last row that is done: what is interrupted goes
    on behind it, and so does taking everything back.
    """

    class Kind(models.TextChoices):
        AWARD = "award", _("Award a badge")
        POINTS = "points", _("Give points")
        LIST = "list", _("Award from a list")

    class State(models.TextChoices):
        DRAFT = "draft", _("Not started")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        FAILED = "failed", _("Failed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    badge_definition = models.ForeignKey(
        BadgeDefinition,
        verbose_name=_("badge"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    title = models.CharField(
        _("title"),
        max_length=255,
        help_text=_("What is given, readable when the badge is gone."),
    )
    amount = models.BigIntegerField(_("points"), default=0)
    reason = models.TextField(
        _("reason"), blank=True, help_text=_("The players may see it.")
    )
    note = models.TextField(
        _("internal note"), blank=True, help_text=_("Players never see it.")
    )
    tells_players = models.BooleanField(_("tell the players"), default=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("started by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.WAITING
    )
    is_undone = models.BooleanField(
        _("taken back"), default=False, help_text=_("Or about to be.")
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken back by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reached = models.BigIntegerField(_("reached"), default=0)
    players = models.PositiveBigIntegerField(_("players"), default=0)
    players_done = models.PositiveBigIntegerField(_("players done"), default=0)
    given = models.PositiveBigIntegerField(_("given"), default=0)
    refused = models.JSONField(
        _("not given"),
        default=dict,
        help_text=_("How many didn't get it, by what stood in the way."),
    )
    undone = models.PositiveBigIntegerField(_("number taken back"), default=0)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    # Also the sign of life of the one who is at it.
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    objects = GivingJobQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("bulk award")
        verbose_name_plural = _("bulk awards")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """What names this giving in the ledger."""
        return f"{KEY_PREFIX}{self.uuid}"

    @property
    def has_it_already(self) -> int:
        """How many had it, as often as it can be had."""
        return self.refused.get("has_it_already", 0)

    @property
    def could_not(self) -> int:
        """How many couldn't get it for another reason."""
        return sum(self.refused.values()) - self.has_it_already

    @property
    def percent(self) -> int:
        """Whole per cent of the players that are done, 0 to 100."""
        if self.state == self.State.FINISHED:
            return 100
        if not self.players:
            return 0
        return min(100, self.players_done * 100 // self.players)


class GivingRow(models.Model):
    """One player of a giving job, and what stood in the way."""

    job = models.ForeignKey(
        GivingJob,
        verbose_name=_("bulk award"),
        on_delete=models.CASCADE,
        related_name="rows",
        db_index=False,  # the index of outcomes begins with it
        db_constraint=False,  # as below
    )
    interface = models.ForeignKey(
        "wagtail_gamification.GamificationInterface",
        verbose_name=_("player"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        # A list of keys, of which some may be gone: to look each up would take as
        # long as awarding the badge.
        db_constraint=False,
        help_text=_("Empty where a line of a list names nobody who is known."),
    )
    badge_definition = models.ForeignKey(
        BadgeDefinition,
        verbose_name=_("badge"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        help_text=_("Where each line of a list names its own."),
    )
    reason = models.TextField(_("reason"), blank=True)
    given_at = models.DateTimeField(
        _("awarded at"), null=True, blank=True, help_text=_("Empty for now.")
    )
    line = models.PositiveIntegerField(_("line"), null=True, blank=True)
    detail = models.TextField(
        _("detail"),
        blank=True,
        help_text=_("What a line of a list says that can't be understood."),
    )
    suggestions = models.JSONField(
        _("suggestions"),
        null=True,
        blank=True,
        help_text=_("The keys of players that may be meant."),
    )
    outcome = models.CharField(
        _("outcome"),
        max_length=32,
        blank=True,
        help_text=_("What stood in the way; empty for those who get it."),
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("player of a bulk award")
        verbose_name_plural = _("players of bulk awards")
        ordering = ["pk"]
        indexes = [models.Index(fields=["job", "outcome"], name="givingrow_by_outcome")]

    def __str__(self) -> str:
        return str(self.pk)
