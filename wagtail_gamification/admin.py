"""The same models in Django's admin, on sites that have it installed.

Nothing else imports this module; Django's admin does, where it is there.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth import get_permission_codename
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.fields import RichTextField

from .conf import app_settings
from .models import (
    Award,
    Badge,
    BadgeDefinition,
    Category,
    GamificationInterface,
    Level,
    PointChange,
    Unlockable,
    UnlockableDefinition,
)


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


class DefinitionAdmin(TranslatableAdmin):
    """Saves by publishing a revision: a plain save would pass drafts over.

    That takes the permission to publish, and yields to a lock.
    """

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

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and self._may_publish(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may_change = super().has_change_permission(request, obj)
        if not may_change or not self._may_publish(request):
            return False
        lock = obj and obj.get_lock()
        return not (lock and lock.for_user(request.user))

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        if not change:
            obj.live = False
            obj.save()
        elif obj.has_unpublished_changes:
            messages.warning(
                request,
                _(
                    "“%(name)s” had a draft of changes. What you saved is published "
                    "now; the draft is in its history in the CMS."
                )
                % {"name": obj},
            )
        obj.save_revision(user=request.user, changed=True).publish(user=request.user)

    def _may_publish(self, request: HttpRequest) -> bool:
        codename = get_permission_codename("publish", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{codename}")


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
    )
    fields = ["name", "slug", "description", "image", *rule_fields, "locale", "live"]


@admin.register(UnlockableDefinition)
class UnlockableDefinitionAdmin(DefinitionAdmin):
    list_display = ["name", "slug", "points_required", "locale", "live"]
    rule_fields = ("points_required", "relock")
    fields = ["name", "slug", "description", "image", *rule_fields, "locale", "live"]


@admin.register(Level)
class LevelAdmin(DefinitionAdmin):
    list_display = ["name", "slug", "points_required", "locale", "live"]
    rule_fields = ("points_required",)
    fields = ["name", "slug", "description", "image", *rule_fields, "locale", "live"]


class RecordAdmin(admin.ModelAdmin):
    """Shows what happened. Only the app's own actions write it.

    It can't be deleted from here either, except with the user it belongs to.
    """

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # Django's list adds nothing to a manager that joins tables itself.
        queryset = super().get_queryset(request)
        return queryset.select_related(*self.list_select_related)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Django asks this of everything that a deletion takes along.
        match = request.resolver_match
        own_views = f"{self.opts.app_label}_{self.opts.model_name}_"
        if match is None or (match.url_name or "").startswith(own_views):
            return False
        return super().has_delete_permission(request, obj)


@admin.register(GamificationInterface)
class GamificationInterfaceAdmin(admin.ModelAdmin):
    list_display = ["__str__", "points", "is_public"]
    list_filter = ["is_public"]
    list_select_related = ["user"]
    fields = ["user", "is_public", "points"]
    raw_id_fields = ["user"]
    readonly_fields = ["points"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else [*fields, "user"]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        user_model = self.model._meta.get_field("user").related_model
        return [f"user__{user_model.USERNAME_FIELD}"]


class _OfPlayerAdmin(RecordAdmin):
    """A record that leads to a player."""

    player = "interface"

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        user_model = GamificationInterface._meta.get_field("user").related_model
        by_user = f"{self.player}__user__{user_model.USERNAME_FIELD}"
        return [by_user, *super().get_search_fields(request)]


@admin.register(Badge)
class BadgeAdmin(_OfPlayerAdmin):
    list_display = [
        "badge_definition",
        "interface",
        "progress",
        "acquired",
        "acquired_at",
        "revoked",
    ]
    list_filter = ["acquired", "revoked"]
    list_select_related = ["badge_definition", "interface__user"]
    search_fields = ["badge_definition__name", "badge_definition__slug"]


@admin.register(Award)
class AwardAdmin(_OfPlayerAdmin):
    player = "badge__interface"
    list_display = [
        "badge_definition",
        "interface",
        "number",
        "points",
        "awarded_at",
        "awarded_by",
        "revoked_at",
    ]
    # No date_hierarchy: on MySQL it fails where the time zones aren't loaded.
    list_filter = ["awarded_at"]
    list_select_related = [
        "badge__badge_definition",
        "badge__interface__user",
        "awarded_by",
    ]
    search_fields = ["badge__badge_definition__name", "reason"]

    @admin.display(
        description=gettext_lazy("badge"), ordering="badge__badge_definition"
    )
    def badge_definition(self, award: Award) -> BadgeDefinition:
        return award.badge.badge_definition

    @admin.display(description=gettext_lazy("player"), ordering="badge__interface")
    def interface(self, award: Award) -> GamificationInterface:
        return award.badge.interface


@admin.register(PointChange)
class PointChangeAdmin(_OfPlayerAdmin):
    list_display = ["time", "interface", "amount", "reason"]
    list_filter = ["time"]
    list_select_related = ["interface__user"]
    search_fields = ["reason"]


@admin.register(Unlockable)
class UnlockableAdmin(_OfPlayerAdmin):
    list_display = ["unlockable_definition", "interface", "acquired", "acquired_at"]
    list_filter = ["acquired"]
    list_select_related = ["unlockable_definition", "interface__user"]
    search_fields = ["unlockable_definition__name", "unlockable_definition__slug"]
