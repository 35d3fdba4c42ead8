"""One resource for each sheet of the catalogue of definitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field

from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.models.chains import chains_checked
from wagtail_gamification.models.requirements import target_of

from .base import SpreadsheetResource
from .definitions import Definitions
from .requirement_sheet import RequirementResource, make_way_for_requirements
from .rows import RowPlan
from .rule_sheets import CampaignResource, PointRuleResource
from .widgets import MAX_NUMBER, CellWidget, LineWidget, NumberWidget, RichTextWidget
from .workbooks import Workbook, register_workbook

if TYPE_CHECKING:
    from .planner import CataloguePlan

__all__ = [
    "CATALOGUE",
    "COLUMNS",
    "RESOURCES",
    "BadgeResource",
    "CampaignResource",
    "CategoryResource",
    "DefinitionResource",
    "LevelResource",
    "PointRuleResource",
    "RequirementResource",
    "SpreadsheetResource",
    "UnlockableResource",
]

KEY = ("slug", "locale")
# All that a translation contributes; the original's other fields count.
TEXTS = ("name", "description", "image")

_MIN_SORT_ORDER = -2_147_483_648
# As many badges of a loop as are worth naming.
_PATH = 12


def _field(name: str, widget: CellWidget) -> Field:
    return Field(attribute=name, column_name=name, widget=widget)


class DefinitionResource(SpreadsheetResource):
    """What the sheets have in common: originals, and translations of them."""

    slug_source = "name"
    undrafted = ("sort_order",)
    own: Definitions

    name = _field("name", LineWidget())
    sort_order = _field("sort_order", NumberWidget(minimum=_MIN_SORT_ORDER, default=0))

    def sort_key(self, plan: RowPlan) -> Any:
        # An original and its translation may both be new: in the site's default
        # language it is the original, else the one that stands first.
        return plan.locale != self.default_locale

    def set_instance(self, plan: RowPlan) -> None:
        assert plan.locale is not None  # noqa: S101 (a plan without errors has one)
        self.plan = plan
        plan.instance = self.own.find(plan.slug, plan.locale)
        if plan.instance is None:
            self.refuse_near(plan, self.own.nearly(plan.slug, plan.locale))
            if plan.errors:
                return
            plan.is_new = True
            plan.instance = self.new_instance(plan)
            self.own.add(plan.instance)
        plan.object_id = plan.instance.pk
        plan.is_translation = plan.instance.original is not None

    def new_instance(self, plan: RowPlan) -> Any:
        instance = super().new_instance(plan)
        instance.original = self.own.original(plan.slug)
        if instance.original is not None and instance.original.pk is None:
            plan.needs.append(("slug", instance.original))
        return instance

    def take(self, plan: RowPlan) -> None:
        if plan.is_new and plan.is_translation:
            # What CopyForTranslationAction will copy when the row is written.
            for name in self.columns:
                value = self.value(plan.instance.original, name)
                self.set_value(plan.instance, name, value)
        super().take(plan)

    def accepts(self, name: str, cell: Any, value: Any) -> bool:
        if not self.plan.is_translation or name in TEXTS:
            return True
        counts = self.value(self.plan.instance.original, name)
        if cell in (None, "") or self.fields[name].widget.same(value, counts):
            return False
        raise ValueError(
            _("This is a translation, so the original's value counts. Leave it empty.")
        )

    # The steps of export()

    def export_field(self, field: Field, instance: Any, **kwargs: Any) -> Any:
        if instance.original is not None:
            if field.column_name == "slug":
                return self._slug_of_translation(instance)
            if field.column_name not in (*KEY, *TEXTS):
                return ""
        return super().export_field(field, instance, **kwargs)

    def _slug_of_translation(self, instance: Any) -> str:
        """Give the slug by which a translation is found, here and on another site.

        That is its original's, by which another site knows whose translation it is;
        unless that names something else in the same language.
        """
        slug = instance.original.slug
        found = self.own.find(slug, instance.locale)
        return str(slug if found is instance else instance.slug)

    class Meta(SpreadsheetResource.Meta):
        import_id_fields = KEY


class CategoryResource(DefinitionResource):
    class Meta(DefinitionResource.Meta):
        model = Category
        fields = (*KEY, "name", "description", "sort_order")


class BadgeResource(DefinitionResource):
    description = _field("description", RichTextWidget())
    labels = {"requirements": gettext_lazy("requirements")}

    def value(self, instance: Any, name: str) -> Any:
        if name == "progression_target" and (asked := instance.requirements.all()):
            return target_of(list(asked))
        return super().value(instance, name)

    def accepts(self, name: str, cell: Any, value: Any) -> bool:
        if not super().accepts(name, cell, value):
            return False
        # What a badge asks for says how far it is to it.
        return name != "progression_target" or not self.plan.instance.requirements.all()

    def check_together(self, catalogue: CataloguePlan) -> None:
        """Refuse rows that close a circle, following all rows at once."""
        super().check_together(catalogue)
        changed = {
            id(plan.instance): plan
            for plan in catalogue.counted(BadgeDefinition)
            if not plan.is_translation and "next_badge" in plan.changes
        }
        for loop in _loops([p.instance for p in changed.values()], self._next(changed)):
            for place, badge in enumerate(loop):
                if id(badge) in changed:
                    path = [*loop[place:], *loop[:place], badge]
                    names = [item.name for item in path]
                    if len(names) > _PATH:
                        names[_PATH - 2 : -1] = ["…"]
                    changed[id(badge)].refuse(
                        _("This would make a loop: %(path)s.")
                        % {"path": " → ".join(names)},
                        "next_badge",
                    )

    def make_way(self, plans: Sequence[RowPlan]) -> None:
        moved = [p.instance.pk for p in plans if "next_badge" in p.changes]
        BadgeDefinition.objects.filter(pk__in=[pk for pk in moved if pk]).update(
            next_badge=None
        )
        make_way_for_requirements(plans)

    def validate_instance(self, *args: Any, **kwargs: Any) -> None:
        # All chains are looked at together.
        with chains_checked():
            super().validate_instance(*args, **kwargs)

    def writing(self) -> AbstractContextManager[None]:
        return chains_checked()

    def is_checked_together(self, name: str, code: str | None) -> bool:
        return (name, code) == ("next_badge", "loop")

    def _next(self, changed: Mapping[int, RowPlan]) -> Any:
        def following(badge: Any) -> Any:
            if id(badge) not in changed:
                pk = self.own.stored_value(badge, "next_badge_id")
                badge = self.own.by_pk.get(pk)
            else:
                badge = badge.next_badge
            return badge and badge.source

        return following

    class Meta(DefinitionResource.Meta):
        model = BadgeDefinition
        fields = (
            *KEY,
            *TEXTS,
            "category",
            "points",
            "progression_target",
            "next_badge",
            "is_secret",
            "max_awards",
            "expires_after",
            "awarding_groups",
            "awards_per_giver",
            "may_award_oneself",
            "allows_nominations",
            "sort_order",
        )


class UnlockableResource(DefinitionResource):
    description = _field("description", RichTextWidget())

    class Meta(DefinitionResource.Meta):
        model = UnlockableDefinition
        fields = (*KEY, *TEXTS, "points_required", "price", "relock", "sort_order")


class LevelResource(DefinitionResource):
    description = _field("description", RichTextWidget())

    def check_together(self, catalogue: CataloguePlan) -> None:
        """Refuse levels that would begin with the same points as another."""
        super().check_together(catalogue)
        plans = [
            plan
            for plan in catalogue.counted(Level)
            if not plan.is_translation and "points_required" in plan.changes
        ]
        leaving = {id(plan.instance) for plan in plans if catalogue.saves(plan)}
        taken: dict[int, Any] = {}
        for level in self.own.all:
            stored = self.own.stored_value(level, "points_required")
            stays = id(level) not in leaving
            if level.original is None and stored is not None and stays:
                taken.setdefault(stored, level)
        for plan in plans:
            points = plan.instance.points_required
            twin = taken.setdefault(points, plan.instance)
            if twin is not plan.instance:
                plan.refuse(
                    _("The level “%(name)s” begins with %(points)d points too.")
                    % {"name": twin.name, "points": points},
                    "points_required",
                )

    def make_way(self, plans: Sequence[RowPlan]) -> None:
        moved = [p.instance.pk for p in plans if "points_required" in p.changes]
        taken = set(Level.objects.values_list("points_required", flat=True))
        free = (points for points in range(MAX_NUMBER, 0, -1) if points not in taken)
        places = [Level(pk=pk, points_required=next(free)) for pk in moved if pk]
        Level.objects.bulk_update(places, ["points_required"])

    def is_checked_together(self, name: str, code: str | None) -> bool:
        return (name, code) == ("points_required", "unique")

    class Meta(DefinitionResource.Meta):
        model = Level
        fields = (*KEY, *TEXTS, "points_required", "sort_order")


# In the order in which they are read and written: a row may name what comes before.
RESOURCES: dict[str, type[SpreadsheetResource]] = {
    "Categories": CategoryResource,
    "Badges": BadgeResource,
    "Unlockables": UnlockableResource,
    "Levels": LevelResource,
    "Requirements": RequirementResource,
    "Point rules": PointRuleResource,
    "Campaigns": CampaignResource,
}

CATALOGUE = register_workbook(
    Workbook("catalogue", gettext_lazy("definitions"), RESOURCES)
)

COLUMNS: dict[str, tuple[str, ...]] = {
    title: tuple(resource._meta.fields) for title, resource in RESOURCES.items()
}


def _loops(starts: Sequence[Any], following: Any) -> list[list[Any]]:
    """Give the circles that these lead into, looking at nothing twice."""
    loops: list[list[Any]] = []
    seen: set[int] = set()
    for start in starts:
        path: list[Any] = []
        places: dict[int, int] = {}
        item = start
        while item is not None and id(item) not in seen:
            seen.add(id(item))
            places[id(item)] = len(path)
            path.append(item)
            item = following(item)
        if item is not None and id(item) in places:
            loops.append(path[places[id(item)] :])
    return loops
