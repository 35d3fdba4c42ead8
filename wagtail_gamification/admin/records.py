"""What happened: shown, never written."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from wagtail_gamification.models import (
    Award,
    Badge,
    Failure,
    GamificationInterface,
    PlayerPreferences,
    PointChange,
    TeamMembership,
    Unlockable,
)


class RecordAdmin(admin.ModelAdmin):
    """Shows what happened. Only the app's own actions write it.

    It can't be deleted from here either, except with the user it belongs to.
    """

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # Django's list adds nothing to a manager that joins tables itself.
        queryset = super().get_queryset(request)
        names = self.list_select_related
        # Django is to stop taking no names for all of them.
        return queryset.select_related(*names) if names else queryset

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


class PlayerPreferencesInline(admin.StackedInline):
    """What the player has chosen: shown, because it is the player's to choose."""

    model = PlayerPreferences
    fields = ["public_id", "has_profile", "profile_sections", "digest"]
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Whoever may see the player may see it.
        name = "wagtail_gamification.view_gamificationinterface"
        return request.user.has_perm(name)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TeamMembershipInline(admin.TabularInline):
    """Who is in a team."""

    model = TeamMembership
    fk_name = "team"
    raw_id_fields = ["member"]
    extra = 0


@admin.register(GamificationInterface)
class GamificationInterfaceAdmin(admin.ModelAdmin):
    list_display = ["__str__", "points", "is_public", "on_boards"]
    list_filter = ["is_public", "on_boards"]
    list_select_related = ["user"]
    fields = [
        "user",
        "name",
        "is_public",
        "on_boards",
        "points",
        "points_spent",
        "points_earned",
    ]
    inlines = [PlayerPreferencesInline]
    raw_id_fields = ["user"]
    readonly_fields = ["points", "points_spent", "points_earned"]

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
    list_select_related = ["badge_definition", "badge__interface__user", "awarded_by"]
    search_fields = ["badge_definition__name", "reason"]

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


@admin.register(Failure)
class FailureAdmin(RecordAdmin):
    """What went wrong. It is tried again in the CMS."""

    list_display = ["name", "source", "occurred_at", "tries", "resolved_at"]
    list_filter = ["source", "occurred_at", ("resolved_at", admin.EmptyFieldListFilter)]
    list_select_related = ()
    search_fields = ["name", "error"]
