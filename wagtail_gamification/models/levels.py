"""Levels: the ranks that points reach."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from .base import Definition, DefinitionQuerySet
from .definitions import image_field


class LevelQuerySet(DefinitionQuerySet):
    def reached_with(self, points: int) -> LevelQuerySet:
        """Give the published levels that ``points`` reach, highest first."""
        return (
            self.live()
            .originals()
            .filter(points_required__lte=points)
            .order_by("-points_required")
        )


class Level(Definition):
    """A rank that players hold while they have the points for it."""

    description = RichTextField(_("description"), blank=True)
    image = image_field()
    points_required = models.PositiveIntegerField(
        _("points required"), help_text=_("The level begins with this many points.")
    )

    objects = models.Manager.from_queryset(LevelQuerySet)()

    class Meta(Definition.Meta):
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["points_required", "name", "pk"]
        constraints = [
            *Definition.Meta.constraints,
            models.UniqueConstraint(
                fields=["points_required"],
                condition=Q(original__isnull=True),
                name="level_points_among_originals",
            ),
        ]

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "wagtail_gamification/previews/level.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        from wagtail_gamification.shelf import sample_level

        context = super().get_preview_context(request, mode_name)
        return {**context, "progress": sample_level(self)}

    def clean(self) -> None:
        super().clean()
        if self.original_id or self.points_required is None:
            return
        # Said here too: not every database keeps a constraint with a condition,
        # and Django checks none that names a field the form leaves out.
        twin = (
            Level.objects.originals()
            .filter(points_required=self.points_required)
            .exclude(pk=self.pk)
            .first()
        )
        if twin:
            raise ValidationError(
                {
                    "points_required": ValidationError(
                        _("The level “%(name)s” begins with this many points already."),
                        code="unique",
                        params={"name": twin.name},
                    )
                }
            )
