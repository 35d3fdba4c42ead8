"""One django-import-export resource for each sheet of a catalogue.

A resource finds or makes the definition of a row, fills it from the cells, says
what that changes, and validates it. It never saves: a row is written only when all
rows of the file have been accepted, by :mod:`.writer`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export import resources
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader

from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
    UnlockableDefinition,
)

from .definitions import Definitions
from .images import ImageLibrary
from .results import Change
from .rows import KEY, TEXTS, RowPlan
from .widgets import (
    BooleanWidget,
    CellWidget,
    ImageWidget,
    LineWidget,
    NumberWidget,
    ReferenceWidget,
    RichTextWidget,
    TextWidget,
)
from .workbooks import Workbook, register_workbook

_MIN_SORT_ORDER = -2_147_483_648


class _PlannedInstance(BaseInstanceLoader):
    """The definition was looked up with all the others, before the first row."""

    def get_instance(self, row: Any) -> Any:
        plan = self.resource.plan
        return None if plan.is_new else plan.instance


class LocaleWidget(CellWidget):
    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else value.language_code


def _field(name: str, widget: CellWidget) -> Field:
    return Field(attribute=name, column_name=name, widget=widget)


class DefinitionResource(resources.ModelResource):
    """What the sheets have in common."""

    slug = _field("slug", LineWidget())
    locale = _field("locale", LocaleWidget())
    name = _field("name", LineWidget())
    sort_order = _field("sort_order", NumberWidget(minimum=_MIN_SORT_ORDER, default=0))

    def __init__(
        self,
        definitions: Mapping[type[models.Model], Definitions],
        images: ImageLibrary,
        image_names: Mapping[int, str] | None = None,
    ) -> None:
        super().__init__()
        self.definitions = definitions
        self.own = definitions[self._meta.model]
        self.images = images
        self.image_names = image_names or {}
        self.plan = RowPlan(0, {})
        for name, resource_field in self.fields.items():
            widget = resource_field.widget
            if isinstance(widget, ImageWidget):
                widget.find, widget.name = images.find, self._image_name
            elif isinstance(widget, ReferenceWidget):
                model = self._meta.model._meta.get_field(name).related_model
                widget.find = self._finder(definitions[model])

    def take(self, plan: RowPlan) -> None:
        """Fill the definition of a row, and note its changes or errors."""
        self.plan = plan
        if plan.is_new and plan.is_translation:
            # What CopyForTranslationAction will copy when the row is written.
            for name in self._columns:
                setattr(plan.instance, name, getattr(plan.instance.original, name))
        before = self._values(plan.instance)
        result = self.import_row(
            dict(plan.values),
            _PlannedInstance(self),
            # Both together mean: leave the database alone.
            dry_run=True,
            using_transactions=False,
            row_number=plan.number,
            before=before,
        )
        for error in result.errors:
            # Nothing that a file can hold: a mistake of ours, to be seen as one.
            raise error.error
        if result.validation_error:
            for column, messages in _messages(result.validation_error).items():
                for message in messages:
                    plan.refuse(message, column)

    # The steps of import_row()

    def init_instance(self, row: Any = None) -> Any:
        return self.plan.instance

    def import_field(
        self,
        field: Field,
        instance: Any,
        row: Mapping[str, Any],
        is_m2m: bool = False,
        **kwargs: Any,
    ) -> None:
        name = field.column_name
        if name in KEY or name not in row:
            return
        before = kwargs["before"][name]
        value = field.widget.clean(row[name], current=before)
        if self.plan.is_translation and name not in TEXTS:
            self._refuse_own_value(field, row[name], value)
            return
        if field.widget.same(value, before) and not self.plan.is_new:
            return
        setattr(instance, name, value)
        shown_before, shown_after = (
            field.widget.render(before),
            field.widget.render(value),
        )
        if self.plan.is_new:
            shown_before = ""
        if shown_before != shown_after or not self.plan.is_new:
            self.plan.changes[name] = Change(
                column=name, before=shown_before, after=shown_after
            )

    def skip_row(
        self,
        instance: Any,
        original: Any,
        row: Any,
        import_validation_errors: Any = None,
    ) -> bool:
        is_changed = self.plan.is_new or self.plan.changes
        if not is_changed and instance.pk and not import_validation_errors:
            self.plan.note = self._note(instance)
        return not is_changed and not import_validation_errors

    def validate_instance(
        self,
        instance: Any,
        import_validation_errors: Any = None,
        validate_unique: bool = True,
    ) -> None:
        """Validate without a query for each row.

        Keys and references were looked up before. What must hold among all rows,
        such as chains without loops, is checked when all of them are known.
        """
        errors = dict(import_validation_errors or {})
        obstacle = "" if self.plan.is_new else self.own.obstacle(instance)
        if obstacle:
            errors.setdefault(NON_FIELD_ERRORS, []).append(ValidationError(obstacle))
        references = {f.name for f in instance._meta.fields if f.is_relation}
        try:
            instance.full_clean(
                exclude={*errors, *references},
                validate_unique=False,
                validate_constraints=False,
            )
        except ValidationError as error:
            for name, found in error.error_dict.items():
                kept = [e for e in found if (name, e.code) not in _CHECKED_TOGETHER]
                if kept:
                    errors.setdefault(name, []).extend(kept)
        if errors:
            raise ValidationError(errors)

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
        return slug if found is instance else instance.slug

    def _values(self, instance: Any) -> dict[str, Any]:
        return {name: getattr(instance, name) for name in self._columns}

    @property
    def _columns(self) -> list[str]:
        return [name for name in self.fields if name not in KEY]

    def _refuse_own_value(self, field: Field, cell: Any, value: Any) -> None:
        counts = getattr(self.plan.instance.original, field.column_name)
        if cell in (None, "") or field.widget.same(value, counts):
            return
        raise ValueError(
            _("This is a translation, so the original's value counts. Leave it empty.")
        )

    def _note(self, instance: Any) -> str:
        if getattr(instance, "has_unpublished_changes", False):
            return str(_("The same as its draft, which isn't published."))
        return ""

    def _finder(self, others: Definitions) -> Any:
        return lambda text, current: others.referred_to(text, self.plan.locale, current)

    def _image_name(self, image: Any) -> str:
        if image.pk is None:
            return image.title
        return self.image_names.get(image.pk, image.title)

    class Meta:
        import_id_fields = KEY
        clean_model_instances = True
        # Wagtail's revisions are compared, not copies of instances.
        skip_diff = True
        use_transactions = False


# Errors that a model finds in the database as it is now; the rows of a file are
# checked against what it will be.
_CHECKED_TOGETHER = {("next_badge", "loop"), ("points_required", "unique")}


class CategoryResource(DefinitionResource):
    description = _field("description", TextWidget())

    class Meta(DefinitionResource.Meta):
        model = Category
        fields = ("slug", "locale", "name", "description", "sort_order")


class BadgeResource(DefinitionResource):
    description = _field("description", RichTextWidget())
    image = _field("image", ImageWidget())
    category = _field("category", ReferenceWidget())
    points = _field("points", NumberWidget(default=0))
    progression_target = _field("progression_target", NumberWidget(minimum=1))
    next_badge = _field("next_badge", ReferenceWidget())
    is_secret = _field("is_secret", BooleanWidget())
    max_awards = _field("max_awards", NumberWidget(minimum=1))
    expires_after = _field("expires_after", NumberWidget(minimum=1))

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
            "sort_order",
        )


class UnlockableResource(DefinitionResource):
    description = _field("description", RichTextWidget())
    image = _field("image", ImageWidget())
    points_required = _field("points_required", NumberWidget())
    relock = _field("relock", BooleanWidget())

    class Meta(DefinitionResource.Meta):
        model = UnlockableDefinition
        fields = (*KEY, *TEXTS, "points_required", "relock", "sort_order")


class LevelResource(DefinitionResource):
    description = _field("description", RichTextWidget())
    image = _field("image", ImageWidget())
    points_required = _field("points_required", NumberWidget())

    class Meta(DefinitionResource.Meta):
        model = Level
        fields = (*KEY, *TEXTS, "points_required", "sort_order")


# In the order in which they are read and written: a row may name what comes before.
RESOURCES: dict[str, type[DefinitionResource]] = {
    "Categories": CategoryResource,
    "Badges": BadgeResource,
    "Unlockables": UnlockableResource,
    "Levels": LevelResource,
}

CATALOGUE = register_workbook(
    Workbook("catalogue", gettext_lazy("definitions"), RESOURCES)
)

COLUMNS: dict[str, tuple[str, ...]] = {
    title: tuple(resource._meta.fields) for title, resource in RESOURCES.items()
}


def _messages(error: ValidationError) -> dict[str, list[str]]:
    """Give the messages of an error by column."""
    messages: dict[str, list[str]] = {}
    for name, found in error.error_dict.items():
        column = "" if name == NON_FIELD_ERRORS else name
        messages[column] = [
            str(_("This is needed."))
            if item.code in ("blank", "null")
            else str(item.messages[0])
            for item in found
        ]
    return messages
