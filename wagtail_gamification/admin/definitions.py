"""Definitions: what can be earned, unlocked and reached."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.fields import RichTextField

from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Leaderboard,
    Level,
    UnlockableDefinition,
)

from .publishing import PublishingAdmin
from .requirements import RequirementInline


def clean_rich_text(html: str) -> str:
    """Keep what the editor of the CMS could have written, and nothing else."""
    converter = ContentstateConverter(features=list(app_settings.DESCRIPTION_FEATURES))
    return converter.to_database_format(converter.from_database_format(html))


class _OriginalFilter(admin.SimpleListFilter):
    title = gettext_lazy("translation")
    parameter_name = "is_translation"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list:
        return [("no", _("No")), ("yes", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        return queryset.filter(original__isnull=self.value() == "no")


class TranslatableAdmin(admin.ModelAdmin):
    """Names and slugs. New ones are in the site's default language."""

    list_display = ["name", "slug", "locale"]
    list_filter = ["locale", _OriginalFilter]
    list_select_related = ["locale"]
    search_fields = ["name", "slug"]
    # What an original decides for its translations.
    rule_fields: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        fields = super().get_readonly_fields(request, obj)
        rules = self.rule_fields if obj and obj.original_id else ()
        return (*fields, *rules, "locale")


@admin.register(Category)
class CategoryAdmin(TranslatableAdmin):
    fields = ["name", "slug", "description", "locale"]


class DefinitionAdmin(PublishingAdmin, TranslatableAdmin):
    """What all drafted definitions have in common."""

    list_display = ["name", "slug", "locale", "live", "has_unpublished_changes"]
    list_filter = ["live", *TranslatableAdmin.list_filter]
    readonly_fields = ["live"]
    raw_id_fields = ["image"]
    formfield_overrides = {RichTextField: {"widget": AdminTextareaWidget}}

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form_class = super().get_form(request, obj, **kwargs)

        class Form(form_class):
            def clean_description(self) -> str:
                return clean_rich_text(self.cleaned_data["description"])

        return Form


@admin.register(BadgeDefinition)
class BadgeDefinitionAdmin(DefinitionAdmin):
    list_display = [
        "name",
        "slug",
        "category",
        "points",
        "progression_target",
        "locale",
        "live",
        "has_unpublished_changes",
    ]
    list_filter = ["category", "is_secret", *DefinitionAdmin.list_filter]
    list_select_related = ["category", "locale"]
    autocomplete_fields = ["category", "next_badge"]
    rule_fields = (
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
        "awards_retroactively",
        "tells_retroactively",
    )
    fields = ["name", "slug", "description", "image", *rule_fields, "locale", "live"]

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        # What a translation asks for, its original says.
        return [] if obj and obj.original_id else [RequirementInline]


@admin.register(UnlockableDefinition)
class UnlockableDefinitionAdmin(DefinitionAdmin):
    list_display = ["name", "slug", "points_required", "price", "locale", "live"]
    rule_fields = ("points_required", "price", "relock")
    fields = ["name", "slug", "description", "image", *rule_fields, "locale", "live"]


@admin.register(Level)
class LevelAdmin(DefinitionAdmin):
    list_display = ["name", "slug", "points_required", "locale", "live"]
    rule_fields = ("points_required",)
    fields = ["name", "slug", "description", "image", *rule_fields, "locale", "live"]


@admin.register(Leaderboard)
class LeaderboardAdmin(DefinitionAdmin):
    list_display = ["name", "slug", "measure", "window", "audience", "locale", "live"]
    list_filter = ["measure", "window", "audience", *DefinitionAdmin.list_filter]
    raw_id_fields = ["team"]
    rule_fields = (
        "measure",
        "event",
        "window",
        "starts_on",
        "ends_on",
        "audience",
        "group",
        "team",
        "size",
    )
    fields = ["name", "slug", "description", *rule_fields, "locale", "live"]
