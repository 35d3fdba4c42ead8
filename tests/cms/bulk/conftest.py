"""An editor who may give, and players to give to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from wagtail_gamification.models import GivingJob
from wagtail_gamification.testing import create_player

RIGHTS = ("award_badge", "revoke_badge", "adjust_points", "view_gamificationinterface")


@pytest.fixture
def at_work(django_capture_on_commit_callbacks: Any) -> Callable:
    """The background tasks, which begin when a transaction ends, as tests have none."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def players(db: None) -> list[Any]:
    return [create_player(username=f"player-{number}") for number in range(3)]


@pytest.fixture
def editor(login_with: Callable) -> Any:
    """Log in the editor who has these rights, or all of them, and sees users."""

    def log_in(*rights: str, sees_users: bool = True) -> Any:
        client = login_with(*(rights or RIGHTS))
        if sees_users:
            user = get_user_model().objects.get(username="edith")
            user.user_permissions.add(Permission.objects.get(codename="change_user"))
        return client

    return log_in


def edith() -> Any:
    return get_user_model().objects.get(username="edith")


def action_url(action: str, *users: Any, query: str = "") -> str:
    """Give the address of a bulk action on users."""
    address = reverse(
        "wagtail_bulk_action", args=["auth", "user", f"gamification_{action}"]
    )
    chosen = "&".join(f"id={getattr(user, 'pk', user)}" for user in users)
    return f"{address}?{chosen}{query}&next=/admin/users/"


def url(name: str, job: GivingJob | None = None) -> str:
    """Give the address of one of the screens."""
    args = [job.uuid] if job else []
    return reverse(f"wagtail_gamification_bulk:{name}", args=args)
