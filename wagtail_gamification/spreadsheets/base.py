"""What reads the rows of one sheet into the objects of one model.

A resource finds or makes the object of a row, fills it from the cells, says what
that changes, and validates it. It never saves: a row is written only when the rows
of the file have been accepted, by :mod:`.writer`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from wagtail.models import Locale, TranslatableMixin

from .declaring import ResourceType, model_field
from .errors import messages_of, shortened
from .fields import widget_for
from .images import ImageLibrary
from .records import SiteRecords
from .references import ChildrenWidget, ImageWidget, LocaleWidget, ReferenceWidget
from .relations import get_related, is_several, set_related
from .results import Change
from .rows import RowPlan
from .states import required
from .uniqueness import refuse_equal
from .widgets import CellWidget

if TYPE_CHECKING:
    from .planner import CataloguePlan


class _PlannedInstance(BaseInstanceLoader):
    """The object was looked up with all the others, before the first row."""

    def get_instance(self, row: Any) -> Any:
        plan = self.resource.plan
        return None if plan.is_new else plan.instance


class SpreadsheetResource(resources.ModelResource, metaclass=ResourceType):
    """Reads the rows of a sheet into the objects of a model, and writes them there.

    ``Meta.model`` is the model, ``Meta.fields`` are the columns, and
    ``Meta.import_id_fields`` those of them that identify a row, by default the slug.
    Every field has a widget by its type, unless another is declared.
    """

    aliases: Mapping[str, str | Sequence[str]] = {}
    """Other headings by which a column is recognised."""
    labels: Mapping[str, Any] = {}
    """Names of columns for people, where those of the fields won't do."""
    slug_source = ""
    """The column from which an empty slug is made; empty where it must be given."""
    undrafted: Sequence[str] = ()
    """Fields that belong to the object itself, whatever its drafts say."""

    def __init__(
        self,
        records: SiteRecords,
        images: ImageLibrary | None = None,
        image_names: Mapping[int, str] | None = None,
    ) -> None:
        super().__init__()
        self.records = records
        self.own = records[self.row_model()]
        self.images = images or ImageLibrary()
        self.image_names = image_names or {}
        self.plan = RowPlan(0, {})
        self.key = tuple(self._meta.import_id_fields)
        self.locales = list(records.locales.values())
        self.model_fields = {
            name: model_field(self._meta.model, field.attribute)
            for name, field in self.fields.items()
        }
        for name, field in self.fields.items():
            self._connect(field.widget, self.model_fields[name])

    @classmethod
    def row_model(cls) -> type[models.Model]:
        """Give the model of the objects that rows change."""
        model: type[models.Model] = cls._meta.model
        return model

    # Steps of planning, called by the planner

    def set_key(self, plan: RowPlan) -> None:
        """Read what identifies a row, or refuse it."""
        self.plan = plan
        for column in self.key:
            try:
                plan.key[column] = self.read_key(plan, column)
            except ValueError as error:
                plan.refuse(str(error), column)
        plan.locale = plan.key.get("locale")
        plan.slug = " / ".join(
            str(self.fields[column].widget.render(value))
            for column, value in plan.key.items()
            if column != "locale"
        )

    def read_key(self, plan: RowPlan, column: str) -> Any:
        """Give the value of a column that identifies a row.

        :raises ValueError: with what is wrong with it
        """
        value = self.fields[column].widget.clean(plan.values.get(column))
        if value in (None, "") and column == "slug" and self.slug_source:
            return self._make_slug(plan)
        if value in (None, ""):
            raise ValueError(_("This is needed."))
        return value

    def sort_key(self, plan: RowPlan) -> Any:
        """Give the place of a row among those that are looked up."""
        return 0

    def set_instance(self, plan: RowPlan) -> None:
        """Find the object that a row is about, or make one."""
        self.plan = plan
        plan.instance = self.own.find_key(plan.key)
        if plan.instance is None:
            self.refuse_near(plan, self.own.nearly_key(plan.key))
        if plan.instance is None and not plan.errors:
            plan.is_new = True
            plan.instance = self.new_instance(plan)
            self.own.add(plan.instance)
        elif plan.instance is not None:
            plan.object_id = plan.instance.pk

    def new_instance(self, plan: RowPlan) -> Any:
        """Make the object of a new row, with what other rows may find it by."""
        instance = self._meta.model(**plan.key)
        if isinstance(instance, TranslatableMixin) and "locale" not in plan.key:
            instance.locale = self.default_locale
        for name in ("name", "title", "label"):
            if name in self.fields and name not in self.key:
                try:
                    value = self.fields[name].widget.clean(plan.values.get(name))
                except ValueError:
                    continue
                setattr(instance, name, value or getattr(instance, name))
        return instance

    def take(self, plan: RowPlan) -> None:
        """Fill the object of a row, and note its changes or errors."""
        self.plan = plan
        if not plan.is_new:
            plan.stamp = self.own.stamp(plan.instance)
        before = {name: self.value(plan.instance, name) for name in self.columns}
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
            for column, messages in messages_of(result.validation_error).items():
                for message in messages:
                    plan.refuse(message, column)

    def check_together(self, catalogue: CataloguePlan) -> None:
        """Refuse rows that don't go with the others or with what the site has.

        Called again after it has refused any, until it finds nothing more. Each row
        that it looks at is one that will be written as things stand.
        """
        refuse_equal(self, catalogue.counted(self._meta.model))

    def make_way(self, plans: Sequence[RowPlan]) -> None:
        """Take out of the way what rows exchange, before any of them is written.

        The only step that writes: it is called once no row is refused any more.

        :param plans: the rows whose objects are going to be saved, not just drafted
        """

    def writing(self) -> AbstractContextManager[None]:
        """Give what surrounds the writing: checks made for all are left out in it."""
        return nullcontext()

    # What a site may want to change

    def label(self, instance: Any) -> str:
        """Give what an object is called, for a report."""
        for name in ("name", "title", "label"):
            value = getattr(instance, name, None)
            if value and isinstance(value, str):
                return value
        return self.own.name_of(instance) if instance.pk else ""

    def value(self, instance: Any, name: str) -> Any:
        """Give what a field holds; a list where there may be several."""
        field = self.model_fields.get(name) or self.own.field(name)
        if is_several(field):
            return get_related(instance, field)
        # None as well where an object that is needed isn't set yet.
        return getattr(instance, name, None)

    def set_value(self, instance: Any, name: str, value: Any) -> None:
        """Set a field in memory; to a list where there may be several."""
        field = self.model_fields.get(name) or self.own.field(name)
        if is_several(field):
            set_related(instance, field, value)
        else:
            setattr(instance, name, value)

    def accepts(self, name: str, cell: Any, value: Any) -> bool:
        """Say whether a value is set; False leaves the field as it is.

        :raises ValueError: if the row may not have one
        """
        return True

    @property
    def columns(self) -> list[str]:
        """The columns that a row may change."""
        return [name for name in self.fields if name not in self.key]

    @property
    def default_locale(self) -> Locale:
        found = [locale for locale in self.locales if locale.is_default]
        return found[0] if found else Locale.get_default()

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
        if name in self.key or name not in row:
            return
        before = kwargs["before"][name]
        value = field.widget.clean(row[name], current=before)
        if value == "" and getattr(self.model_fields[name], "null", False):
            value = None
        if not self.accepts(name, row[name], value):
            return
        if field.widget.same(value, before) and not self.plan.is_new:
            return
        self.set_value(instance, name, value)
        self._note_needs(name, value)
        old = "" if self.plan.is_new else field.widget.render(before)
        new = field.widget.render(value)
        if isinstance(field.widget, ImageWidget) and value is not None:
            self.plan.image = self.images.reference(value)
        if old != new or not self.plan.is_new:
            self.plan.changes[name] = Change(column=name, before=old, after=new)

    def skip_row(
        self,
        instance: Any,
        original: Any,
        row: Any,
        import_validation_errors: Any = None,
    ) -> bool:
        is_changed = self.plan.is_new or self.plan.changes
        is_skipped = not is_changed and not import_validation_errors
        if is_skipped and getattr(instance, "has_unpublished_changes", False):
            self.plan.note = _("The same as its draft, which isn't published.")
        return is_skipped

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
        references = {f.name for f in instance._meta.fields if f.is_relation}
        for name in self.columns:
            if name not in errors and required(instance, self.model_fields[name]):
                errors[name] = [ValidationError(_("This is needed."), code="null")]
        try:
            instance.full_clean(
                exclude={*errors, *references},
                validate_unique=False,
                validate_constraints=False,
            )
        except ValidationError as error:
            for name, found in error.error_dict.items():
                if name in (import_validation_errors or {}):
                    # What the cell holds is no value at all, and that is said.
                    continue
                kept = [e for e in found if not self.is_checked_together(name, e.code)]
                if kept:
                    errors.setdefault(name, []).extend(kept)
        if errors:
            raise ValidationError(errors)

    def is_checked_together(self, name: str, code: str | None) -> bool:
        """Say whether an error of the model is about the database as it is now.

        Such are left to :meth:`check_together`, which knows what it will be.
        """
        return False

    # Making fields of those of the model

    @classmethod
    def field_from_django_field(
        cls, field_name: str, django_field: Any, readonly: bool
    ) -> Field:
        return Field(
            attribute=field_name,
            column_name=field_name,
            widget=widget_for(django_field),
            readonly=readonly,
        )

    def export_field(self, field: Field, instance: Any, **kwargs: Any) -> Any:
        if is_several(self.model_fields.get(field.column_name)):
            return field.widget.render(self.value(instance, field.column_name))
        return super().export_field(field, instance, **kwargs)

    def _connect(self, widget: CellWidget, field: Any) -> None:
        """Give a widget the functions that find and name what it refers to."""
        if isinstance(widget, LocaleWidget):
            widget.locales, widget.default = self.locales, self.default_locale
        elif isinstance(widget, ImageWidget):
            widget.find, widget.name = self.images.find, self._image_name
        elif isinstance(widget, ReferenceWidget):
            model = field.related_model
            widget.find = lambda text, current: self.records[model].referred_to(
                text, self.plan.locale, current
            )
            widget.name = lambda item: self.records[model].name_of(item)
        elif isinstance(widget, ChildrenWidget):
            widget.relation = field

    def _image_name(self, image: Any) -> str:
        if image.pk is None:
            return str(image.title)
        return self.image_names.get(image.pk, image.title)

    def _make_slug(self, plan: RowPlan) -> str:
        """Make the slug that a row leaves out; the same one from the same name."""
        try:
            widget = self.fields[self.slug_source].widget
            name = widget.clean(plan.values.get(self.slug_source))
        except ValueError as error:
            plan.refuse(str(error), self.slug_source)
            return ""
        field = self._meta.model._meta.get_field("slug")
        slug = slugify(name, allow_unicode=True)[: field.max_length].strip("-")
        if not slug:
            raise ValueError(_("Give a name or a slug: this row has no key."))
        return slug

    def refuse_near(self, plan: RowPlan, near: Any) -> None:
        """Refuse a row whose key is another's in all but case."""
        if near is not None:
            plan.refuse(
                _("There is no “%(slug)s”, but “%(near)s”. Write it the same way.")
                % {"slug": shortened(plan.slug), "near": self.own.name_of(near)},
                next(column for column in self.key if column != "locale"),
            )

    def _note_needs(self, name: str, value: Any) -> None:
        several = value if isinstance(value, list) else [value]
        for item in several:
            if isinstance(item, models.Model) and item.pk is None:
                self.plan.needs.append((name, item))

    class Meta:
        import_id_fields: Sequence[str] = ("slug",)
        clean_model_instances = True
        # Wagtail's revisions are compared, not copies of instances.
        skip_diff = True
        use_transactions = False
