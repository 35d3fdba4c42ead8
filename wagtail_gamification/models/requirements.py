"""What a badge asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from .activity import CODE_LENGTH, KEY_LENGTH
from .definitions import BadgeDefinition, Category
from .levels import Level

MOST_TARGET = 10**9
# Ten years: what is further apart belongs together in nobody's mind.
MOST_WINDOW = 3650

# Looking through the requirements of all badges for each of thousands takes its time.
_circles_are_checked: ContextVar[bool] = ContextVar("circles_checked", default=False)


@contextmanager
def circles_checked() -> Iterator[None]:
    """Save requirements that were looked at together, without a look at each."""
    token = _circles_are_checked.set(True)
    try:
        yield
    finally:
        _circles_are_checked.reset(token)


class Counting(models.TextChoices):
    """How the times that something was done are counted."""

    EVERY_TIME = "every", _("every time")
    OBJECTS = "objects", _("different objects")
    DAYS = "days", _("different days")
    DAYS_IN_A_ROW = "days_in_a_row", _("days in a row")
    WEEKS_IN_A_ROW = "weeks_in_a_row", _("weeks in a row")

    @property
    def is_streak(self) -> bool:
        return self in (Counting.DAYS_IN_A_ROW, Counting.WEEKS_IN_A_ROW)


class Requirement(Orderable):
    """One thing that a badge asks for. Which fields count, the kind says.

    Requirements that share a group number are alternatives; each requirement without
    a group has to be met by itself.
    """

    badge_definition = ParentalKey(
        BadgeDefinition,
        verbose_name=_("badge"),
        on_delete=models.CASCADE,
        related_name="requirements",
    )
    kind = models.CharField(_("kind"), max_length=CODE_LENGTH, default="event")
    event = models.CharField(_("event"), max_length=CODE_LENGTH, blank=True)
    badge = models.ForeignKey(
        BadgeDefinition,
        verbose_name=_("badge"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="required_by",
    )
    category = models.ForeignKey(
        Category,
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    level = models.ForeignKey(
        Level,
        verbose_name=_("level"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    target = models.PositiveIntegerField(
        _("how many"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_TARGET)],
    )
    counting = models.CharField(
        pgettext_lazy("what to count", "count"),
        max_length=16,
        choices=Counting.choices,
        default=Counting.EVERY_TIME,
    )
    within_days = models.PositiveIntegerField(
        _("within days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_WINDOW)],
        help_text=_("Leave empty to count for good."),
    )
    allows_rest_days = models.BooleanField(
        _("rest days"),
        default=False,
        help_text=_("One missed day a week doesn't end the row."),
    )
    object_key = models.CharField(
        _("only this object"), max_length=KEY_LENGTH, blank=True
    )
    is_below = models.BooleanField(
        _("objects below"),
        default=False,
        help_text=_("Count the pages below this page instead of the page itself."),
    )
    group = models.PositiveSmallIntegerField(
        _("group"),
        null=True,
        blank=True,
        help_text=_(
            "One of those with the same number is enough. Leave empty where it has to "
            "be met in any case."
        ),
    )

    object_name = ""
    """What the object is called, where that was looked up for many at once."""

    class Meta(Orderable.Meta):
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")

    def __str__(self) -> str:
        from wagtail_gamification.requirements import sentence_of

        return sentence_of(self)

    def clean(self) -> None:
        from wagtail_gamification.requirements import check_requirement

        super().clean()
        check_requirement(self)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.refuse_circle()
        super().save(*args, **kwargs)
        # One that is written as part of its badge changes nothing here.
        if self.badge_definition_id:
            self._follow_target()

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        deleted = super().delete(*args, **kwargs)
        self._follow_target()
        return deleted

    def refuse_circle(self, drafted: Mapping[int, Iterable[int]] | None = None) -> None:
        """Refuse a badge that needs, at some remove, the badge that asks for it.

        :param drafted: which badges need which others in drafts, by primary keys;
            they count besides what is published
        :raises ValidationError: with the way round
        """
        if _circles_are_checked.get():
            return
        start = self.badge_definition_id
        if self.kind != "badge" or not start or not self.badge_id:
            return
        path = _way_back(start, self.badge_id, drafted or {})
        if path:
            names = BadgeDefinition.objects.in_bulk(path)
            raise ValidationError(
                {
                    "badge": ValidationError(
                        _(
                            "This would go round in a circle: %(path)s. Nobody could "
                            "ever earn one of them."
                        ),
                        code="circle",
                        params={"path": " → ".join(names[pk].name for pk in path)},
                    )
                }
            )

    def _follow_target(self) -> None:
        rows = Requirement.objects.filter(badge_definition=self.badge_definition_id)
        target = target_of(list(rows))
        definitions = BadgeDefinition.objects.filter(pk=self.badge_definition_id)
        definitions.exclude(progression_target=target).update(progression_target=target)
        if "badge_definition" in self._state.fields_cache:
            self.badge_definition.progression_target = target


def target_of(requirements: list[Requirement]) -> int | None:
    """Give the steps of a badge with these requirements, None for a single step.

    One requirement is counted by itself; of several, those met are.
    """
    from wagtail_gamification.requirements import BadgeRules

    steps = BadgeRules(tuple(requirements)).target
    return steps if steps > 1 else None


def _way_back(
    start: int, badge: int, drafted: Mapping[int, Iterable[int]]
) -> list[int]:
    """Follow the requirements from ``badge``; give the way back to ``start``."""
    needs = {definition: list(needed) for definition, needed in drafted.items()}
    rows = Requirement.objects.filter(kind="badge", badge__isnull=False)
    for definition, needed in rows.values_list("badge_definition_id", "badge_id"):
        needs.setdefault(definition, []).append(needed)
    ways = [[start, badge]]
    seen = set()
    while ways:
        way = ways.pop()
        if way[-1] == start:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, needed] for needed in needs.get(way[-1], [])]
    return []
