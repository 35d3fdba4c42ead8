"""The sheet of what badges ask for: one row a requirement."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field

from wagtail_gamification.models import Requirement
from wagtail_gamification.models.requirements import circles_checked, target_of
from wagtail_gamification.requirements.objects import objects_found

from .children import ChildResource, Family
from .circles import ways_round
from .codes import CodeWidget, event_codes, kind_codes
from .fields import widget_for
from .objects import ObjectWidget
from .rows import RowPlan

if TYPE_CHECKING:
    from .planner import CataloguePlan

# As many badges of a circle as are worth naming.
_PATH = 12


def _field(name: str, column: str, widget: Any = None) -> Field:
    widget = widget or widget_for(Requirement._meta.get_field(name))
    return Field(attribute=name, column_name=column, widget=widget)


class RequirementResource(ChildResource):
    """The requirements of badges; a badge is named in as many rows as it has."""

    badge = _field("badge_definition", "badge")
    kind = _field("kind", "kind", CodeWidget(kind_codes, "event"))
    event = _field("event", "event", CodeWidget(event_codes))
    how_many = _field("target", "how_many")
    count = _field("counting", "count")
    rest_days = _field("allows_rest_days", "rest_days")
    object = _field("object_key", "object", ObjectWidget())
    pages_below = _field("is_below", "pages_below")
    required_badge = _field("badge", "required_badge")

    labels = {
        "required_badge": gettext_lazy("required badge"),
        "requirements": gettext_lazy("requirements"),
    }
    aliases = {
        "badge": ["badge slug", "for badge", "badge definition"],
        "kind": ["type", "requirement"],
        "event": ["activity", "what"],
        "how_many": ["target", "times", "number", "quantity"],
        "count": ["counting", "how to count", "counted by"],
        "within_days": ["within", "days", "time limit"],
        "rest_days": ["allows rest days", "freeze days"],
        "object": ["object key", "page", "only"],
        "pages_below": ["is below", "below"],
        "required_badge": ["needs badge", "badge needed", "other badge"],
        "group": ["or group", "alternatives"],
    }

    def prepare(self, plans: Sequence[RowPlan], children: Sequence[Any]) -> None:
        cells = [plan.values.get("object") for plan in plans]
        self._objects.prepare(cells, [child.object_key for child in children])

    def validate_child(self, child: Any) -> None:
        # Circles are looked for among all rows at once.
        with circles_checked(), objects_found(self._objects.found):
            super().validate_child(child)

    def summary(self, child: Any) -> str:
        if not child.object_key:
            return str(child)
        # Its sentence would look the object up.
        anywhere = copy.copy(child)
        anywhere.object_key = ""
        return f"{anywhere} ({self._objects.render(child.object_key)})"

    def adopted(self, family: Family) -> None:
        """Let the target follow, as it does when the badge is saved."""
        family.kept = family.parent.progression_target, None
        family.parent.progression_target = (
            target_of(family.after) if family.after else None
        )
        if family.own is not None and family.after:
            change = family.own.changes.pop("progression_target", None)
            family.kept = family.kept[0], change

    def left_out(self, family: Family) -> None:
        family.parent.progression_target, change = family.kept
        if family.own is not None and change is not None:
            family.own.changes["progression_target"] = change

    def check_together(self, catalogue: CataloguePlan) -> None:
        """Refuse rows of which badges would need one another in a circle."""
        super().check_together(catalogue)
        families = self.counted_families()
        asked = {id(family.parent): family for family in families}
        if not families or not any(f.after for f in families):
            return
        needs = {
            id(badge): [id(needed) for needed in self._needed(badge, asked)]
            for badge in self.own.all
            if badge.original is None
        }
        names = {id(badge): badge.name for badge in self.own.all}
        rows = {
            (id(family.parent), id(child.badge)): plan
            for family in families
            for plan, child in reversed([*zip(family.rows, family.after, strict=False)])
            if child.badge is not None
        }
        for steps in ways_round(needs, list(rows)):
            path = [names[step] for step in steps]
            if len(path) > _PATH:
                path[_PATH - 2 : -1] = ["…"]
            rows[steps[0], steps[1]].refuse(
                _(
                    "This would go round in a circle: %(path)s. Nobody could ever earn "
                    "one of them."
                )
                % {"path": " → ".join(path)},
                "required_badge",
            )

    @contextmanager
    def writing(self) -> Iterator[None]:  # type: ignore[override]
        with circles_checked():
            yield

    def make_way(self, plans: Sequence[RowPlan]) -> None:
        make_way_for_requirements(plans)

    @property
    def _objects(self) -> ObjectWidget:
        return self.fields["object"].widget

    def _needed(self, badge: Any, asked: dict[int, Family]) -> list[Any]:
        """Give the badges that one will need when all is written and published."""
        if id(badge) in asked:
            return [child.badge for child in asked[id(badge)].after if child.badge]
        stored = self.own.stored_value(badge, "requirements") or ()
        needed = (self.own.by_pk.get(data["badge"]) for data in stored)
        return [other for other in needed if other is not None]

    class Meta(ChildResource.Meta):
        model = Requirement
        import_id_fields = ("badge",)
        fields = (
            "badge",
            "kind",
            "event",
            "how_many",
            "count",
            "within_days",
            "rest_days",
            "object",
            "pages_below",
            "required_badge",
            "category",
            "level",
            "group",
        )


def make_way_for_requirements(plans: Sequence[RowPlan]) -> None:
    """Let badges that exchange what they need exchange it, whatever the order."""
    moved = [p.instance.pk for p in plans if "requirements" in p.changes]
    Requirement.objects.filter(
        badge_definition__in=[pk for pk in moved if pk], kind="badge"
    ).delete()
