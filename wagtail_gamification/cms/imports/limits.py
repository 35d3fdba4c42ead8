"""Uploads that are too large, refused before they are read or kept."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from wagtail_gamification.conf import app_settings

# What a form has besides its files.
REST_OF_FORM = 64 * 1024


def limits() -> dict[str, int]:
    """Give how large the file of each field may be, in bytes."""
    return {
        "file": app_settings.IMPORT_MAX_FILE_SIZE,
        "images": app_settings.IMPORT_MAX_IMAGES_SIZE,
    }


def too_large(field: str) -> str:
    """Give the message for a file beyond its limit."""
    return _("This file is too large. At most %(size)s can be uploaded here.") % {
        "size": filesizeformat(limits()[field])
    }


def is_hopeless(request: HttpRequest) -> bool:
    """Say whether a request is larger than all its files together may be.

    Then nothing of it is read: no field, no file, not even its token.
    """
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return False
    return length > sum(limits().values()) + REST_OF_FORM


class LimitingUploadHandler(FileUploadHandler):
    """Keeps no more of a file than its field allows.

    What comes after is read past and kept nowhere: a browser that is cut off while it
    sends shows its own error instead of ours.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.exceeded: set[str] = set()
        self._received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass a piece on to the handlers that keep it, or to nobody.

        The error that skips a file would also close those that came before it.
        """
        # Of fields that the form hasn't nothing is kept.
        limit = limits().get(self.field_name, 0)
        self._received += len(raw_data)
        if self._received <= limit:
            return raw_data
        if limit:
            self.exceeded.add(self.field_name)
        return None

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers that come after."""
