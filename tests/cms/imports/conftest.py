"""Editors who may import, and imports in every state, made without a file's help."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.urls import reverse

from tests.spreadsheets.make import archive, picture
from wagtail_gamification.models import (
    BadgeDefinition,
    ImportJob,
    ImportRow,
    ImportState,
)

HEADINGS = {"Badges": ["slug", "name", "points", "image"]}
MAPPING = {"Badges": {name: name for name in HEADINGS["Badges"]}}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """A media directory of the test's own, so that what is left in it is seen."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def importer(login_with: Callable) -> Any:
    """A browser with an editor in it who may import badges and do all with them."""
    return login_with(
        "import_definitions",
        *(
            f"{action}_badgedefinition"
            for action in ("add", "change", "delete", "publish", "view")
        ),
    )


@pytest.fixture
def editor(importer: Any) -> Any:
    return get_user_model().objects.get(username="edith")


@pytest.fixture
def colleague(db: None) -> Any:
    """Somebody else who may import."""
    user = get_user_model().objects.create_user(
        username="colin", email="colin@example.com", password="secret"
    )
    user.user_permissions.add(
        Permission.objects.get(codename="access_admin"),
        Permission.objects.get(codename="import_definitions"),
    )
    return user


@pytest.fixture
def make_job(db: None) -> Callable:
    """Make an import as it stands in some state."""

    def make(user: Any, state: str = ImportState.PREVIEWED, **fields: Any) -> ImportJob:
        zipped = fields.pop("zipped", None)
        job = ImportJob(
            user=user,
            state=state,
            **{
                "workbook": "catalogue",
                "file_name": "badges.csv",
                "headings": HEADINGS,
                "mapping": MAPPING,
                **fields,
            },
        )
        job.file.save("badges.csv", ContentFile(b"slug,name,points,image\n"), False)
        if zipped:
            job.images_name = "images.zip"
            job.images_file.save("images.zip", ContentFile(zipped), False)
        job.save()
        return job

    return make


@pytest.fixture
def add_row() -> Callable:
    """Add a row to an import, and count it."""

    def add(job: ImportJob, action: str = "created", **fields: Any) -> ImportRow:
        position = job.rows.count()
        row = ImportRow.objects.create(
            job=job,
            position=position,
            action=action,
            **{
                "sheet": "Badges",
                "number": position + 2,
                "key": f"badge-{position}",
                "name": f"Badge {position}",
                "locale": "en",
                **fields,
            },
        )
        job.totals = {**job.totals, action: job.totals.get(action, 0) + 1}
        job.save()
        return row

    return add


@pytest.fixture
def at_work(django_capture_on_commit_callbacks: Any) -> Callable:
    """The background tasks, which begin when a transaction ends, as tests have none."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def badge() -> BadgeDefinition:
    return BadgeDefinition.objects.create(name="Gold", slug="gold", points=10)


def url(name: str, job: ImportJob | None = None, *args: Any) -> str:
    """Give the address of one of the screens."""
    return reverse(
        f"wagtail_gamification_imports:{name}", args=[job.pk, *args] if job else args
    )


def zipped_star() -> bytes:
    return archive({"star.png": picture("blue")})
