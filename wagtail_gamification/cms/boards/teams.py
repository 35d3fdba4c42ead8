"""Teams: their names and members, for those who may manage them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import path, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_gamification.cms.bulk.people import find_people, interfaces_of, label_of
from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import GamificationInterface, TeamMembership

NAMESPACE = "wagtail_gamification_teams"
PERMISSION = "wagtail_gamification.manage_teams"
MOST_MEMBERS = 2000


def team_permissions() -> QuerySet:
    return Permission.objects.filter(
        content_type__app_label="wagtail_gamification", codename="manage_teams"
    )


def teams() -> QuerySet[GamificationInterface]:
    """Give the teams: named, and nobody's own."""
    found = GamificationInterface.objects.filter(user=None).exclude(name="")
    if field := app_settings.USER_INTERFACE_FIELD:
        users = get_user_model()._base_manager.filter(**{field: OuterRef("pk")})
        found = found.filter(~Exists(users))
    return found


class TeamPolicy(ModelPermissionPolicy):
    """One permission for all that is done to teams."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return user.has_perm(PERMISSION)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return user.has_perm(PERMISSION)


class TeamForm(WagtailAdminModelForm):
    """A name, and one member a line."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=128)
    members = forms.CharField(
        label=gettext_lazy("Members"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("One user name, e-mail address or full name a line."),
    )

    class Meta:
        model = GamificationInterface
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["members"] = "\n".join(
                sorted(user.get_username() for user in self._members().values())
            )

    def clean_members(self) -> list[Any]:
        """Find who is meant, and name every line that isn't clear."""
        lines = self.cleaned_data["members"].splitlines()
        names = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
        if len(names) > MOST_MEMBERS:
            raise ValidationError(
                ngettext(
                    "At most %(count)d member can be entered.",
                    "At most %(count)d members can be entered.",
                    MOST_MEMBERS,
                )
                % {"count": MOST_MEMBERS}
            )
        found = find_people(names)
        errors = []
        for name in names:
            if not found[name]:
                errors.append(_("Nobody is called “%(name)s”.") % {"name": name})
            elif len(found[name]) > 1:
                people = ", ".join(map(label_of, found[name]))
                errors.append(
                    _("“%(name)s” may be any of these: %(people)s. Enter a user name.")
                    % {"name": name, "people": people}
                )
        if errors:
            raise ValidationError(errors)
        users = {user.pk: user for name in names for user in found[name]}
        return list(users.values())

    def save(self, commit: bool = True) -> Any:
        with transaction.atomic():
            team = super().save(commit=commit)
            self._write_members(team, self.cleaned_data["members"])
        return team

    def _members(self) -> dict[int, Any]:
        """Give the users among the members, by the player's key."""
        memberships = self.instance.team_memberships.exclude(member__user=None)
        rows = memberships.select_related("member__user")
        return {each.member_id: each.member.user for each in rows}

    def _write_members(self, team: GamificationInterface, users: list[Any]) -> None:
        known = interfaces_of(users)
        # Who has no player yet gets one, mostly nobody.
        for user in users:
            if user.pk not in known:
                known[user.pk] = GamificationInterface.objects.for_user(user).pk
        wanted = {known[user.pk] for user in users}
        gone = set(self._members()) - wanted
        TeamMembership.objects.filter(team=team, member__in=gone).delete()
        TeamMembership.objects.bulk_create(
            [TeamMembership(team=team, member_id=key) for key in sorted(wanted)],
            ignore_conflicts=True,
        )


class _TeamViewMixin:
    """Finds teams, and no player of anybody."""

    model = GamificationInterface
    permission_policy = TeamPolicy(GamificationInterface)
    header_icon = "group"
    index_url_name = f"{NAMESPACE}:index"
    add_url_name = f"{NAMESPACE}:add"
    edit_url_name = f"{NAMESPACE}:edit"
    delete_url_name = f"{NAMESPACE}:delete"

    def get_queryset(self) -> Any:
        return teams()


class TeamIndexView(_TeamViewMixin, generic.IndexView):
    page_title = gettext_lazy("Teams")
    index_results_url_name = f"{NAMESPACE}:index_results"
    add_item_label = gettext_lazy("Add a team")
    default_ordering = "name"
    search_fields = ["name"]
    is_searchable = True
    search_backend_name = None
    # Its own queryset is ordered by the columns; the mixin's isn't.
    get_queryset = generic.IndexView.get_queryset

    def get_base_queryset(self) -> Any:
        return teams().annotate(members=Count("team_memberships")).order_by("name")

    @property
    def columns(self) -> Any:
        return [
            TitleColumn(
                "name", label=_("Name"), sort_key="name", get_url=self.get_edit_url
            ),
            Column("members", label=_("Members"), sort_key="members"),
        ]


class TeamCreateView(_TeamViewMixin, generic.CreateView):
    page_title = gettext_lazy("Add a team")
    form_class = TeamForm


class TeamEditView(_TeamViewMixin, generic.EditView):
    form_class = TeamForm


class TeamDeleteView(_TeamViewMixin, generic.DeleteView):
    confirmation_message = gettext_lazy(
        "Delete this team? Its members keep what they have. Leaderboards of its "
        "members are empty then."
    )


app_name = NAMESPACE
urlpatterns = [
    path("", TeamIndexView.as_view(), name="index"),
    path("results/", TeamIndexView.as_view(results_only=True), name="index_results"),
    path("add/", TeamCreateView.as_view(), name="add"),
    path("<int:pk>/edit/", TeamEditView.as_view(), name="edit"),
    path("<int:pk>/delete/", TeamDeleteView.as_view(), name="delete"),
]


class TeamsMenuItem(MenuItem):
    """Leads those to the teams who may manage them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            gettext_lazy("Teams"),
            reverse_lazy(f"{NAMESPACE}:index"),
            name="gamification-teams",
            icon_name="group",
            **kwargs,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)
