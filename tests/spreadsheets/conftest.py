"""What tests of spreadsheets need: a second language, and a place for files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from wagtail.images import get_image_model
from wagtail.models import Locale

from .make import picture


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """A media directory of the test's own, so that what is left in it is seen."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def french(db: None) -> Locale:
    return Locale.objects.create(language_code="fr")


@pytest.fixture
def make_image(db: None) -> Any:
    def make(title: str, colour: str = "blue") -> Any:
        image = get_image_model()(
            title=title, file=ContentFile(picture(colour), f"{colour}.png")
        )
        image._set_image_file_metadata()
        image.save()
        return image

    return make


def files_in(directory: Path) -> list[str]:
    """Name every file below a directory."""
    return sorted(path.name for path in directory.rglob("*") if path.is_file())
