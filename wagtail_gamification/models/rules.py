"""What events pay: point rules, and campaigns that multiply them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import ProtectedError, Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin
from wagtail.search import index

from .activity import CODE_LENGTH

MOST_RULE_POINTS = 10**6


class Rule(DraftStateMixin, LockableMixin, RevisionMixin, index.Indexed, models.Model):
    """What editors name, draft, schedule and publish; visitors don't see it."""

    name = models.CharField(_("name"), max_length=128)
    slug = models.SlugField(
        _("slug"),
        max_length=128,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text=_("The key of this in spreadsheets. Made from the name when empty."),
    )
    event = models.CharField(_("event"), max_length=CODE_LENGTH, blank=True)

    search_fields = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.FilterField("slug"),
        index.FilterField("event"),
        index.FilterField("live"),
    ]

    class Meta:
        abstract = True
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._ensure_slug()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        from wagtail_gamification.events import check_event_code

        super().clean()
        self._ensure_slug()
        if self.event:
            check_event_code(self.event)

    @property
    def approved_schedule(self) -> bool:
        # A list says it for all its rows at once.
        known = getattr(self, "_approved_schedule", None)
        return super().approved_schedule if known is None else known

    def _ensure_slug(self) -> None:
        if self.slug:
            return
        base = slugify(self.name, allow_unicode=True)[:120] or self._meta.model_name
        others = type(self)._default_manager.exclude(pk=self.pk)
        slug, number = base, 2
        while others.filter(slug=slug).exists():
            slug, number = f"{base}-{number}", number + 1
        self.slug = slug


class PointRule(Rule):
    """Points for each time that something happens.

    The limits are points, not times: what a day's last event would pay beyond the
    limit is left out.
    """

    points = models.PositiveIntegerField(
        _("points"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_RULE_POINTS)],
    )
    once_per_object = models.BooleanField(
        _("once for each object"),
        default=False,
        help_text=_(
            "Pay once for each lesson, page or whatever the event is about, however "
            "often it happens."
        ),
    )
    daily_limit = models.PositiveIntegerField(
        _("daily limit"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("The most points that one player gets by this rule on one day."),
    )
    total_limit = models.PositiveIntegerField(
        _("total limit"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("The most points that one player ever gets by this rule."),
    )

    class Meta(Rule.Meta):
        verbose_name = _("point rule")
        verbose_name_plural = _("point rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gt=0), name="pointrule_points_above_zero"
            )
        ]

    def clean(self) -> None:
        super().clean()
        if not self.event:
            raise ValidationError({"event": _("Choose what is paid for.")})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete it, unless it has paid: that couldn't be taken back any more.

        :raises ProtectedError: with a way out for the person who reads it
        """
        try:
            return super().delete(*args, **kwargs)
        except ProtectedError as error:
            raise ProtectedError(
                f"“{self}” can't be deleted, because players have been paid by it. "
                "Unpublish it instead: it pays nothing more.",
                error.protected_objects,
            ) from error


class Campaign(Rule):
    """A time in which point rules pay more; of several, the highest counts.

    Its start and its end are those of its schedule. Limits of the rules hold for
    what is paid, the multiplied points.
    """

    multiplier = models.DecimalField(
        _("multiplier"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(2),
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(100))],
        help_text=_("2 pays twice the points, 1.5 half as many again."),
    )

    class Meta(Rule.Meta):
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
