"""“Award badge…” and “Give points…” for the users that are chosen in Wagtail's list."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.forms import HiddenInput
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail import hooks
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.users.views.bulk_actions.user_bulk_action import UserBulkAction

from wagtail_gamification.actions.giving import Giver
from wagtail_gamification.actions.giving_jobs import (
    make_players_of,
    players_of,
    preview_giving,
    start_bulk_award,
    start_bulk_points,
)
from wagtail_gamification.exceptions import NotAllowed
from wagtail_gamification.models import GivingJob
from wagtail_gamification.models.managers import users_without_interface

from .base import REASONS, url_of
from .forms import AwardForm, GivingForm, PointsForm


class GiveToUsersBulkAction(UserBulkAction):
    """Asks what to give, says what would come of it, and starts the job.

    Wagtail's own actions load every user that is chosen; this one never does.
    """

    permission_policy = ModelPermissionPolicy(get_user_model())
    template_name = "wagtail_gamification/cms/bulk/give.html"
    giving: str

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        # Who may not see the list of users can't count them here either.
        policy, actions = self.permission_policy, self.any_permission_required
        if not policy.user_has_any_permission(request.user, actions):
            raise PermissionDenied
        if not Giver(request.user, self.giving).decision.allowed:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def users(self) -> QuerySet:
        """The users that are chosen, or all that the list shows."""
        users = get_user_model()._default_manager.all()
        chosen = self.request.GET.getlist("id")
        if "all" not in chosen:
            return users.filter(pk__in=_keys(chosen))
        filterset = _filterset_class()(
            self.request.GET,
            queryset=users,
            request=self.request,
            is_searching=bool(self.request.GET.get("q")),
        )
        # Of a filter that can't be understood, nobody is meant.
        users = filterset.qs if filterset.is_valid() else users.none()
        if self.request.GET.get("q"):
            found = self.get_all_objects_in_listing_query(None)
            users = users.filter(pk__in=list(found))
        return users

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: GivingForm) -> HttpResponse:
        if "confirmed" not in self.request.POST:
            return self.ask(form)
        try:
            with transaction.atomic():
                for hook in hooks.get_hooks("before_bulk_action"):
                    if response := _response(hook, self, self.users):
                        return response
                job = self.start(form, make_players_of(self.users))
                for hook in hooks.get_hooks("after_bulk_action"):
                    if response := _response(hook, self, self.users):
                        return response
        except NotAllowed as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        return redirect(url_of("job", job.uuid))

    def ask(self, form: GivingForm) -> HttpResponse:
        """Say how many would get it, and how many not and why."""
        numbers = self.preview(form)
        # They become players when it begins.
        new = users_without_interface().filter(pk__in=self.users.values("pk")).count()
        allowed = numbers.pop("allowed", 0) + new
        for field in form.fields.values():
            field.widget = HiddenInput()
        return self.render_to_response(
            self.get_context_data(
                form=form,
                is_asked=True,
                what=self.what(form),
                allowed=allowed,
                refused=[
                    {"label": REASONS.get(code, code), "number": number}
                    for code, number in sorted(numbers.items())
                ],
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.META["QUERY_STRING"]
        return {
            # Not Wagtail's: that lists everybody.
            **FormView.get_context_data(self, **kwargs),
            "chosen": self.users.count(),
            "next": self.next_url,
            "submit_url": f"{self.request.path}?{query}",
            "title": self.display_name,
        }

    def start(self, form: GivingForm, players: QuerySet) -> GivingJob:
        raise NotImplementedError

    def preview(self, form: GivingForm) -> dict[str, int]:
        raise NotImplementedError

    def what(self, form: GivingForm) -> str:
        raise NotImplementedError


class AwardBulkAction(GiveToUsersBulkAction):
    display_name = _("Award badge…")
    action_type = "gamification_award"
    aria_label = _("Award a badge to the selected users")
    action_priority = 60
    form_class = AwardForm
    giving = "award"

    def start(self, form: GivingForm, players: QuerySet) -> GivingJob:
        return start_bulk_award(
            players,
            form.cleaned_data["badge"],
            by=self.request.user,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            tells=form.cleaned_data["tells"],
        )

    def preview(self, form: GivingForm) -> dict[str, int]:
        return preview_giving(
            players_of(self.users), self.request.user, form.cleaned_data["badge"]
        )

    def what(self, form: GivingForm) -> str:
        return str(form.cleaned_data["badge"])


class PointsBulkAction(GiveToUsersBulkAction):
    display_name = _("Give points…")
    action_type = "gamification_points"
    aria_label = _("Give points to the selected users")
    action_priority = 61
    form_class = PointsForm
    giving = "adjust_points"

    def start(self, form: GivingForm, players: QuerySet) -> GivingJob:
        return start_bulk_points(
            players,
            form.cleaned_data["amount"],
            by=self.request.user,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            tells=form.cleaned_data["tells"],
        )

    def preview(self, form: GivingForm) -> dict[str, int]:
        return preview_giving(players_of(self.users), self.request.user)

    def what(self, form: GivingForm) -> str:
        return f"{form.cleaned_data['amount']:+d}"


def _keys(chosen: list[str]) -> list[Any]:
    """Give the keys that can be keys of users."""
    field = get_user_model()._meta.pk
    keys = []
    for text in chosen:
        try:
            keys.append(field.to_python(text))
        except Exception:  # noqa: S112 (each field has its own)
            continue
    return keys


def _filterset_class() -> Any:
    """Give what narrows the site's list of users."""
    viewset = import_string(apps.get_app_config("wagtailusers").user_viewset)
    return viewset.filterset_class


def _response(hook: Any, action: UserBulkAction, users: QuerySet) -> Any:
    result = hook(action.request, action.action_type, users, action)
    return result if hasattr(result, "status_code") else None
