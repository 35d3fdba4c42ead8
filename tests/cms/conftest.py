"""Editors and a little catalogue for the tests of the CMS."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image as PillowImage
from wagtail.images import get_image_model
from wagtail.models import Locale

from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.testing import create_badge_definition

MODELS = [BadgeDefinition, Category, UnlockableDefinition, Level]
PUBLISHED_MODELS = [BadgeDefinition, UnlockableDefinition, Level]


@pytest.fixture
def admin(django_user_model):
    return django_user_model.objects.create_superuser(
        username="ada", email="ada@example.com", password="secret"
    )


@pytest.fixture
def cms(client, admin):
    """A browser that a superuser is logged in with."""
    client.force_login(admin)
    return client


@pytest.fixture
def login_with(client) -> Callable:
    """Log an editor in who has these permissions of ours and no other."""

    def log_in(*codenames: str) -> Any:
        user = get_user_model().objects.create_user(
            username="edith", email="edith@example.com", password="secret"
        )
        group = Group.objects.create(name="Editors of badges")
        group.permissions.add(
            Permission.objects.get(codename="access_admin"),
            *Permission.objects.filter(
                content_type__app_label="wagtail_gamification", codename__in=codenames
            ),
        )
        user.groups.add(group)
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def english():
    return Locale.objects.get_or_create(language_code="en")[0]


@pytest.fixture
def french(english):
    return Locale.objects.get_or_create(language_code="fr")[0]


@pytest.fixture
def badge():
    """A published badge that has a revision, as one made in the CMS."""
    return published(create_badge_definition("First steps", points=10))


def published(definition: Any) -> Any:
    definition.save_revision().publish()
    definition.refresh_from_db()
    return definition


def create(model: Any, **fields: Any) -> Any:
    """Create one of ``model`` with what it can't do without."""
    if model in (UnlockableDefinition, Level):
        fields.setdefault("points_required", 100)
    fields.setdefault("name", "First steps")
    return model.objects.create(**fields)


def create_image(title: str = "A star", size: tuple[int, int] = (120, 90)) -> Any:
    file = BytesIO()
    PillowImage.new("RGBA", size, (250, 190, 30, 255)).save(file, "PNG")
    return get_image_model().objects.create(
        title=title, file=ContentFile(file.getvalue(), name=f"{title}.png")
    )


def url_of(view: str, target: Any, *args: Any) -> str:
    """Give the address of a view of a model, or of one definition."""
    model = target if isinstance(target, type) else type(target)
    if not isinstance(target, type):
        args = (target.pk, *args)
    return reverse(model.snippet_viewset.get_url_name(view), args=args)


def form_data(model: Any, **fields: Any) -> dict[str, Any]:
    """Give what a browser sends when the form is filled in as little as it takes."""
    data: dict[str, Any] = {"name": "First steps", "slug": "", "description": ""}
    if model is BadgeDefinition:
        data |= {"points": "0", "category": "", "next_badge": "", "image": ""}
        data |= {"requirements-TOTAL_FORMS": "0", "requirements-INITIAL_FORMS": "0"}
    if model in (UnlockableDefinition, Level):
        data |= {"points_required": "100", "image": ""}
    if model is not Category:
        # What Draftail sends for an empty text.
        data["description"] = "null"
    return data | fields
