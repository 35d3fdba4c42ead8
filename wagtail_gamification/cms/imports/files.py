"""What is sent back to an editor: refused rows, and thumbnails of images."""

from __future__ import annotations

import contextlib
import io
import zipfile
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import View
from PIL import Image as PillowImage
from PIL import ImageOps
from wagtail.admin import messages

from wagtail_gamification.cms.spreadsheets import CONTENT_TYPES, as_download
from wagtail_gamification.spreadsheets.errors import CatalogueError
from wagtail_gamification.spreadsheets.refused import refused_rows_file
from wagtail_gamification.spreadsheets.results import RowAction

from .base import ImporterMixin
from .permissions import choosable_images

# Pixels along the longer side; shown at half that, for screens with a high density.
THUMBNAIL = 96
# What is opened to make one: larger images are shown in full once they are imported.
MAX_PIXELS = 50_000_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")


class RefusedView(ImporterMixin, View):
    """Gives the refused rows as a spreadsheet, with the reasons beside them."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        format = request.GET.get("format", "xlsx")
        rows = list(self.job.rows.filter(action=RowAction.REFUSED))
        if format not in CONTENT_TYPES or not rows or self.workbook is None:
            raise Http404
        try:
            content = refused_rows_file(
                format,
                self.workbook,
                rows,
                headings=self.job.headings,
                mapping=self.job.mapping,
            )
        except CatalogueError as error:
            messages.error(request, str(error))
            return self.to_job()
        return as_download(content, "refused-rows", format)


class ThumbnailView(ImporterMixin, View):
    """Makes the thumbnail of a row's image in memory. Nothing of it is stored."""

    def get(
        self, request: HttpRequest, *args: Any, position: int, **kwargs: Any
    ) -> HttpResponse:
        row = get_object_or_404(self.job.rows, position=position)
        data = self._bytes(row.image)
        thumbnail = make_thumbnail(data) if data else None
        if thumbnail is None:
            raise Http404
        return HttpResponse(
            thumbnail,
            content_type="image/png",
            headers={
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'",
                "Cache-Control": "private, max-age=3600",
            },
        )

    def _bytes(self, image: dict[str, Any]) -> bytes | None:
        if "entry" in image:
            return self._from_archive(str(image["entry"]))
        if "pk" in image:
            return self._from_site(image["pk"])
        return None

    def _from_archive(self, entry: str) -> bytes | None:
        if not self.job.images_file:
            return None
        try:
            with (
                self.job.images_file.open("rb") as file,
                zipfile.ZipFile(file) as archive,
                archive.open(entry) as packed,
            ):
                return _at_most(packed, _max_size())
        except Exception:
            return None

    def _from_site(self, pk: Any) -> bytes | None:
        image = choosable_images(self.request.user).filter(pk=pk).first()
        if image is None:
            return None
        try:
            with image.file.open("rb") as file:
                return _at_most(file, _max_size())
        except (OSError, ValueError):
            return None


def make_thumbnail(data: bytes) -> bytes | None:
    """Give a small PNG of an image, or None where it can't be one.

    Vector images are not drawn: a browser isn't handed what somebody uploaded.
    """
    with (
        contextlib.suppress(Exception),
        PillowImage.open(io.BytesIO(data), formats=FORMATS) as image,
    ):
        if image.width * image.height > MAX_PIXELS:
            return None
        image.draft("RGB", (2 * THUMBNAIL, 2 * THUMBNAIL))
        image.thumbnail((THUMBNAIL, THUMBNAIL))
        turned = ImageOps.exif_transpose(image)
        made = io.BytesIO()
        turned.convert("RGBA").save(made, "PNG")
        return made.getvalue()
    return None


def _max_size() -> int:
    limit = getattr(settings, "WAGTAILIMAGES_MAX_UPLOAD_SIZE", 10 * 1024 * 1024)
    return limit if limit and limit > 0 else 50 * 1024 * 1024


def _at_most(file: Any, size: int) -> bytes | None:
    data: bytes = file.read(size + 1)
    return data if len(data) <= size else None
