"""Leaderboards: what editors define, and the scores that they are read from."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.fields import RichTextField
from wagtail.search import index

from .activity import CODE_LENGTH
from .base import Definition, DefinitionQuerySet
from .players import GamificationInterface
from .protection import erase_with_player

MOST_PLACES = 100


class Measure(models.TextChoices):
    """What players are compared by."""

    POINTS = "points", _("Points earned")
    BADGES = "badges", _("Badges earned")
    EVENT = "event", _("How often they did something")


class Window(models.TextChoices):
    """Which time counts. Weeks begin as those of ISO 8601 do, on Monday."""

    ALL_TIME = "all_time", _("All time")
    YEAR = "year", _("This year")
    MONTH = "month", _("This month")
    WEEK = "week", _("This week")
    DATES = "dates", _("Between two dates")


class Audience(models.TextChoices):
    """Who is compared."""

    EVERYBODY = "everybody", _("Everybody")
    GROUP = "group", _("The members of a group")
    TEAM = "team", _("The members of a team")


class Leaderboard(Definition):
    """Players in the order of what they have earned or done in a time.

    Measure, time and players of a translation are ignored: the original's count. A
    board whose group or team was deleted is empty, and never one of everybody.
    """

    description = RichTextField(_("description"), blank=True)
    measure = models.CharField(
        _("measure"), max_length=10, choices=Measure.choices, default=Measure.POINTS
    )
    event = models.CharField(_("event"), max_length=CODE_LENGTH, blank=True)
    window = models.CharField(
        pgettext_lazy("which days count", "time"),
        max_length=10,
        choices=Window.choices,
        default=Window.ALL_TIME,
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    audience = models.CharField(
        _("players"),
        max_length=10,
        choices=Audience.choices,
        default=Audience.EVERYBODY,
    )
    group = models.ForeignKey(
        Group,
        verbose_name=_("group"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    team = models.ForeignKey(
        GamificationInterface,
        verbose_name=_("team"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"user": None},
    )
    size = models.PositiveIntegerField(
        _("places"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)],
        help_text=_("How many places are shown, at most 100."),
    )

    objects = models.Manager.from_queryset(DefinitionQuerySet)()

    search_fields = [*Definition.search_fields, index.FilterField("measure")]

    class Meta(Definition.Meta):
        verbose_name = _("leaderboard")
        verbose_name_plural = _("leaderboards")

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "wagtail_gamification/previews/leaderboard.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        from wagtail_gamification.leaderboards import sample_leaderboard

        context = super().get_preview_context(request, mode_name)
        return {**context, "board": sample_leaderboard(self)}

    def clean(self) -> None:
        super().clean()
        if self.original_id:
            return
        from wagtail_gamification.events import check_event_code

        errors: dict[str, Any] = {}
        if self.measure == Measure.EVENT:
            if not self.event:
                errors["event"] = _("Choose what is counted.")
            else:
                check_event_code(self.event)
        if self.window == Window.DATES:
            for name in ("starts_on", "ends_on"):
                if getattr(self, name) is None:
                    errors[name] = _("Between two dates asks for both.")
            if self.starts_on and self.ends_on and self.starts_on > self.ends_on:
                errors["ends_on"] = _("The last day can't come before the first.")
        if self.audience == Audience.GROUP and self.group_id is None:
            errors["group"] = _("Choose whose members are compared.")
        if self.audience == Audience.TEAM and self.team_id is None:
            errors["team"] = _("Choose whose members are compared.")
        if errors:
            raise ValidationError(errors)


class TeamMembership(models.Model):
    """A player who belongs to a team: an interface without a user, with a name."""

    team = models.ForeignKey(
        GamificationInterface,
        verbose_name=_("team"),
        on_delete=erase_with_player,
        related_name="team_memberships",
        db_index=False,  # the unique constraint begins with it
        limit_choices_to={"user": None},
    )
    member = models.ForeignKey(
        GamificationInterface,
        verbose_name=_("member"),
        on_delete=erase_with_player,
        related_name="memberships",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("team membership")
        verbose_name_plural = _("team memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "member"], name="member_once_in_team"
            )
        ]

    def __str__(self) -> str:
        return f"{self.team}: {self.member}"

    def clean(self) -> None:
        super().clean()
        if self.team_id and self.team.user_id:
            raise ValidationError({"team": _("A player isn't a team.")})
        if self.team_id and self.team_id == self.member_id:
            raise ValidationError({"member": _("A team can't be its own member.")})


class ScoreSeries(models.Model):
    """What is counted for the published boards that share it."""

    measure = models.CharField(_("measure"), max_length=10, choices=Measure.choices)
    event = models.CharField(_("event"), max_length=CODE_LENGTH, blank=True)
    window = models.CharField(
        pgettext_lazy("which days count", "time"), max_length=10, choices=Window.choices
    )
    # Numbers, 0 where there is none: a unique constraint takes empty ones for
    # different.
    first_day = models.PositiveIntegerField(_("first day"), default=0)
    last_day = models.PositiveIntegerField(_("last day"), default=0)
    is_kept = models.BooleanField(_("kept"), default=True)
    reached = models.BigIntegerField(
        _("reached"),
        default=0,
        help_text=_("The key of the last player whose scores were counted."),
    )
    built_at = models.DateTimeField(_("built at"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("series of scores")
        verbose_name_plural = _("series of scores")
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "event", "window", "first_day", "last_day"],
                name="scores_counted_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.event} {self.window}".replace("  ", " ")

    @property
    def starts_on(self) -> date | None:
        return date.fromordinal(self.first_day) if self.first_day else None


class Score(models.Model):
    """What one player has in one window of a series."""

    series = models.ForeignKey(
        ScoreSeries,
        verbose_name=_("series"),
        on_delete=models.CASCADE,
        related_name="scores",
        db_index=False,  # the unique constraint begins with it
    )
    first_day = models.PositiveIntegerField(
        _("first day"), default=0, help_text=_("Of the window; 0 for all time.")
    )
    interface = models.ForeignKey(
        GamificationInterface,
        verbose_name=_("interface"),
        on_delete=erase_with_player,
        related_name="scores",
    )
    score = models.BigIntegerField(_("score"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "first_day", "interface"],
                name="score_once_per_window",
            )
        ]
        indexes = [
            models.Index(
                fields=["series", "first_day", "-score", "interface"],
                name="score_by_rank",
            )
        ]

    def __str__(self) -> str:
        return f"{self.interface}: {self.score}"


class RankMarker(models.Model):
    """How many of a large board stand above a score, as of a while ago.

    So that a rank among a million asks for the players up to the nearest marker, not
    for all who are ahead.
    """

    leaderboard = models.ForeignKey(
        Leaderboard,
        verbose_name=_("leaderboard"),
        on_delete=models.CASCADE,
        related_name="rank_markers",
        db_index=False,  # the unique constraint begins with it
    )
    first_day = models.PositiveIntegerField(_("first day"), default=0)
    score = models.BigIntegerField(_("score"))
    above = models.PositiveBigIntegerField(_("players above"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("rank marker")
        verbose_name_plural = _("rank markers")
        constraints = [
            models.UniqueConstraint(
                fields=["leaderboard", "first_day", "score"], name="one_marker_a_score"
            )
        ]

    def __str__(self) -> str:
        return f"{self.score}: {self.above}"
