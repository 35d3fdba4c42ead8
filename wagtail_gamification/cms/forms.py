"""The forms that definitions are edited with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.rich_text import get_rich_text_editor_widget
from wagtail.models import RevisionMixin

from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import BadgeDefinition, Category

from .widgets import OriginalChooser

# Who may award a badge by hand.
GIVING_FIELDS = (
    "awarding_groups",
    "awards_per_giver",
    "may_award_oneself",
    "allows_nominations",
)


def rule_value(definition: Any, name: str) -> Any:
    """Give what a form field of that name holds for a definition."""
    value = getattr(definition, name)
    return list(value.all()) if _holds_several(definition, name) else value


def rule_text(definition: Any, name: str) -> Any:
    """Give the same to be read: the names of several objects, with commas."""
    value = rule_value(definition, name)
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _holds_several(definition: Any, name: str) -> bool:
    return any(field.name == name for field in definition._meta.many_to_many)


class TranslatableDefinitionForm(WagtailAdminModelForm):
    """A name, a slug that nothing else in the language has, and texts.

    ``rule_fields`` are what an original decides for its translations: a form for a
    translation doesn't have them, so no submitted value can change what counts.
    ``uncopied_fields`` are those of them that a copy leaves empty. ``choice_fields``
    are what is decided for each publication, of an original too.
    """

    rule_fields: tuple[str, ...] = ()
    text_fields: tuple[str, ...] = ("name", "description")
    uncopied_fields: tuple[str, ...] = ()
    choice_fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.original_id:
            for name in (*self.rule_fields, *self.choice_fields):
                self.fields.pop(name, None)
            # What is submitted for a translation changes nothing that counts.
            self.formsets.clear()

    def clean_slug(self) -> str:
        """Keep the slug where it was emptied, and refuse one that is taken.

        The model's constraint can't say so in time: it names the language, which
        isn't in the form. Drafts count too, or two of them would meet when they
        are published.
        """
        slug = self.cleaned_data.get("slug") or self.instance.slug
        if slug and self._others_with("slug", slug).exists():
            raise ValidationError(
                _("Another one in this language has this slug already."),
                code="unique",
            )
        return slug

    def _others_with(self, field: str, value: Any) -> Any:
        model = type(self.instance)
        has_value = Q(**{field: value})
        if issubclass(model, RevisionMixin):
            has_value |= Q(**{f"latest_revision__content__{field}": value})
        locale_id = self.instance.locale_id or self.instance.get_default_locale().pk
        others = model._default_manager.filter(has_value, locale_id=locale_id)
        return others.exclude(pk=self.instance.pk)


class CategoryForm(TranslatableDefinitionForm):
    """Categories have nothing but texts."""


class DefinitionForm(TranslatableDefinitionForm):
    """A description in rich text and an image besides."""

    text_fields: tuple[str, ...] = ("name", "description", "image")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Read here, not when the class is made: settings may change.
        self.fields["description"].widget = get_rich_text_editor_widget(
            "default", features=list(app_settings.DESCRIPTION_FEATURES)
        )


class BadgeForm(DefinitionForm):
    rule_fields = (
        "category",
        "points",
        "progression_target",
        "next_badge",
        "is_secret",
        "max_awards",
        "expires_after",
        *GIVING_FIELDS,
    )
    choice_fields = ("awards_retroactively", "tells_retroactively")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if groups := self.fields.get("awarding_groups"):
            groups.queryset = groups.queryset.order_by("name")
        if category := self.fields.get("category"):
            category.queryset = Category.objects.originals()
            category.widget = OriginalChooser(Category)
            category.error_messages["invalid_choice"] = _(
                "Choose a category, not a translation of one."
            )
        if next_badge := self.fields.get("next_badge"):
            next_badge.queryset = BadgeDefinition.objects.originals().exclude(
                pk=self.instance.pk
            )
            next_badge.widget = OriginalChooser(
                BadgeDefinition, exclude=self.instance.pk
            )
            next_badge.error_messages["invalid_choice"] = _(
                "Choose another badge. A badge can't come after itself, and a "
                "translation can't come after a badge."
            )


class UnlockableForm(DefinitionForm):
    rule_fields = ("points_required", "price", "relock")


class LevelForm(DefinitionForm):
    rule_fields = ("points_required",)
    # No two levels begin with the same points.
    uncopied_fields = ("points_required",)

    def clean_points_required(self) -> int:
        """Refuse what a draft of another level asks for.

        The published ones are compared by the model.
        """
        points = self.cleaned_data["points_required"]
        drafts = (
            type(self.instance)
            ._default_manager.originals()
            .filter(latest_revision__content__points_required=points)
            .exclude(pk=self.instance.pk)
        )
        if draft := drafts.first():
            raise forms.ValidationError(
                _("The draft of the level “%(name)s” begins with this many points."),
                code="unique",
                params={"name": draft.name},
            )
        return points
