"""The images that rows name: those of the site, and those in a ZIP.

Nothing of a ZIP is ever unpacked to where it says. A file is checked by the same
form as an upload in the CMS, and is stored only after every row has been accepted.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any
from zipfile import ZipFile, ZipInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL.Image import DecompressionBombError, DecompressionBombWarning
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.log_actions import log
from wagtail.models import Collection

from wagtail_gamification.conf import app_settings

from .archives import is_link, open_archive, read_entry
from .errors import CatalogueError, did_you_mean, shortened
from .permissions import ImportPermissions
from .results import Stage

# What operating systems add to archives on their own.
_LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_TITLE_LENGTH = 255
# As many titles as are worth comparing with a misspelt one.
_TITLES_TO_COMPARE = 2000
# As many misspelt ones as are worth the time of comparing them.
_HINTS = 100


class ImageLibrary:
    """Finds the image that a cell means, and stores the new ones.

    :param data: the ZIP, if there is one
    :param name: its file name, for messages
    :param permissions: what the user may do; None where nobody asks. An image that
        they may not choose is as good as none: nothing tells that it exists.
    :param collection_id: the collection for new images; by itself the root, or the
        first where the user may add some
    :raises CatalogueError: if the ZIP is damaged, too large or up to something
    """

    def __init__(
        self,
        data: bytes | None = None,
        name: str = "images.zip",
        *,
        permissions: ImportPermissions | None = None,
        collection_id: int | None = None,
    ) -> None:
        self.name = name
        self.permissions = permissions
        self.collection_id = collection_id
        self.archive: ZipFile | None = None
        self._files: dict[str, list[ZipInfo]] = defaultdict(list)
        self._titled: dict[str, list[Any]] = defaultdict(list)
        self._numbered: dict[str, Any] = {}
        self._checked: dict[str, Any] = {}
        self._new: dict[str, Any] = {}
        self._entries: dict[int, str] = {}
        self._stored: dict[str, Any] = {}
        self._saved: list[Any] = []
        self._hints: dict[str, str] = {}
        if data is not None:
            self._open(data)

    def prepare(self, texts: Iterable[str]) -> None:
        """Read what the site has of all images that the rows name, at once."""
        wanted = {text for text in texts if text}
        if not wanted:
            return
        images = self._images().order_by("pk")
        numbers = {int(text) for text in wanted if _is_number(text)}
        for image in [
            *images.filter(title__in=wanted),
            *images.filter(pk__in=numbers),
        ]:
            # Databases disagree about case; an exact title is exact everywhere.
            if image.title in wanted and image not in self._titled[image.title]:
                self._titled[image.title].append(image)
            self._numbered[str(image.pk)] = image
        hashes = {
            hashlib.sha1(self._read(entries[0]), usedforsecurity=False).hexdigest()
            for text, entries in self._files.items()
            if text in wanted and len(entries) == 1
        }
        for image in images.filter(file_hash__in=hashes):
            self._stored.setdefault(image.file_hash, image)

    def find(self, text: str, current: Any = None) -> Any:
        """Give the image that a cell names: a saved one, or a new one unsaved.

        The file in the ZIP comes first, then the title, then the number.

        :raises ValueError: if there is none, or more than one
        """
        entries = self._files.get(text)
        if entries:
            image = self._from_archive(text, entries)
            is_twin = current is not None and current.file_hash == image.file_hash
            return current if is_twin else image
        if current is not None and text in (current.title, str(current.pk)):
            return current
        titled = self._titled.get(text, [])
        if len(titled) > 1:
            raise ValueError(
                _("More than one image is called “%(text)s”. Use a number: %(ids)s.")
                % {
                    "text": shortened(text),
                    "ids": ", ".join(str(image.pk) for image in titled[:5]),
                }
            )
        if titled:
            return titled[0]
        if text in self._numbered:
            return self._numbered[text]
        raise ValueError(
            _(
                "There is no image “%(text)s” on the site or among the files that were "
                "sent with it.%(hint)s"
            )
            % {"text": shortened(text), "hint": self._hint(text)}
        )

    def reference(self, image: Any) -> dict[str, Any]:
        """Say where an image is: on the site, or in the ZIP."""
        return {"pk": image.pk} if image.pk else {"entry": self._entries[id(image)]}

    def store(
        self,
        user: Any,
        used: Iterable[Any],
        progress: Callable[[Stage, int, int], None],
    ) -> None:
        """Save new images; call :meth:`discard` if anything fails from here on.

        :param used: those that are needed
        """
        wanted = {id(image) for image in used}
        forms = [form for form in self._new.values() if id(form.instance) in wanted]
        for count, form in enumerate(forms, start=1):
            progress(Stage.IMAGES, count, len(forms))
            image = form.instance
            image.uploaded_by_user = user
            self._saved.append(image)
            form.save()
            log(
                instance=image, action="wagtail.create", user=user, content_changed=True
            )

    def discard(self) -> None:
        """Delete the files of images whose rows were rolled back."""
        for image in self._saved:
            # Django's mark of a file that is in the storage already.
            if image.file._committed:
                image.file.storage.delete(image.file.name)
        self._saved.clear()

    def _open(self, data: bytes) -> None:
        # Images are packed already: unpacked, they are about as large.
        if len(data) > app_settings.IMPORT_MAX_UNPACKED_SIZE:
            raise CatalogueError(
                _("“%(name)s” is larger than %(size)s.")
                % {
                    "name": shortened(self.name),
                    "size": filesizeformat(app_settings.IMPORT_MAX_UNPACKED_SIZE),
                }
            )
        self.archive = open_archive(data, self.name, app_settings.IMPORT_MAX_ROWS)
        for entry in self.archive.infolist():
            self._refuse_tricks(entry)
            path = PurePosixPath(entry.filename)
            is_litter = any(part in _LITTER or part[:2] == "._" for part in path.parts)
            if entry.is_dir() or is_litter:
                continue
            # Folders don't count, but tell files of one name apart.
            for key in {str(path), path.name}:
                self._files[key].append(entry)

    def _refuse_tricks(self, entry: ZipInfo) -> None:
        # The name as the archive has it: zipfile cuts it at a null byte.
        raw = getattr(entry, "orig_filename", entry.filename)
        parts = PurePosixPath(raw).parts
        if (
            raw.startswith("/")
            or ".." in parts
            or "\\" in raw
            or ":" in raw
            or not raw.isprintable()
            or is_link(entry)
        ):
            raise CatalogueError(
                _(
                    "“%(name)s” holds an entry that isn't a plain file in a folder: "
                    "“%(entry)s”. Nothing of it is used."
                )
                % {"name": shortened(self.name), "entry": shortened(raw)}
            )

    def _read(self, entry: ZipInfo) -> bytes:
        assert self.archive is not None  # noqa: S101 (entries come from it)
        return read_entry(self.archive, entry, self.name)

    def _from_archive(self, text: str, entries: list[ZipInfo]) -> Any:
        if len(entries) > 1:
            raise ValueError(
                _("More than one file is called “%(text)s”: %(paths)s.")
                % {
                    "text": shortened(text),
                    "paths": ", ".join(shortened(e.filename) for e in entries[:5]),
                }
            )
        path = entries[0].filename
        if path not in self._checked:
            try:
                self._checked[path] = self._check(entries[0])
            except ValueError as error:
                self._checked[path] = error
        found = self._checked[path]
        if isinstance(found, ValueError):
            raise found
        return found

    def _check(self, entry: ZipInfo) -> Any:
        content = self._read(entry)
        digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        if digest in self._stored:
            return self._stored[digest]
        if digest in self._new:
            return self._new[digest].instance
        name = PurePosixPath(entry.filename).name
        form = get_image_form(get_image_model())(
            data={
                "title": PurePosixPath(name).stem[:_TITLE_LENGTH],
                "collection": self._collection.pk,
            },
            files={"file": SimpleUploadedFile(name, content)},
        )
        try:
            is_valid = form.is_valid()
        except (DecompressionBombError, DecompressionBombWarning):
            # Wagtail 8 says it as an error of the form.
            raise ValueError(
                _("%(name)s: This image has too many pixels.")
                % {"name": shortened(name)}
            ) from None
        if not is_valid:
            messages = [
                message if field == "file" else f"{field}: {message}"
                for field, errors in form.errors.items()
                for message in errors
            ]
            raise ValueError(f"{shortened(name)}: {' '.join(map(str, messages))}")
        self._new[digest] = form
        self._entries[id(form.instance)] = entry.filename
        return form.instance

    def _images(self) -> models.QuerySet:
        """Give the images that may be chosen."""
        if self.permissions is None:
            return get_image_model()._base_manager.all()
        return self.permissions.choosable_images()

    @property
    def _collection(self) -> Collection:
        """The collection for new images.

        :raises ValueError: if it isn't there, or the user may not add any to it
        """
        collection, obstacle = self._place
        if collection is None:
            raise ValueError(obstacle)
        return collection

    @cached_property
    def _place(self) -> tuple[Collection | None, str]:
        if self.collection_id is None:
            collection = Collection.get_first_root_node()
            if self.permissions and not self.permissions.may_add_images(collection):
                # Nothing is chosen before the preview.
                allowed = self.permissions.image_collections()
                collection = allowed.first() or collection
        else:
            collection = Collection.objects.filter(pk=self.collection_id).first()
        if collection is None:
            return None, _("The collection for new images isn't there any more.")
        if self.permissions and not self.permissions.may_add_images(collection):
            return None, _("You may not add images to the collection “%(name)s”.") % {
                "name": shortened(collection.name)
            }
        return collection, ""

    def _hint(self, text: str) -> str:
        if text in self._hints or len(self._hints) >= _HINTS:
            return self._hints.get(text, "")
        if not hasattr(self, "_titles"):
            titles = self._images().values_list("title", flat=True)
            self._titles = list(titles.order_by("-pk")[:_TITLES_TO_COMPARE])
        self._hints[text] = did_you_mean(text, [*self._files, *self._titles])
        return self._hints[text]


def image_names(images: Iterable[Any]) -> dict[int, str]:
    """Give the text by which each image is found again, in one query.

    That is its title where no other image has it, else its number.
    """
    images = list(images)
    titles = {image.title for image in images}
    taken: dict[str, int] = defaultdict(int)
    everywhere = get_image_model()._base_manager.filter(title__in=titles)
    for title in everywhere.values_list("title", flat=True):
        taken[title] += 1
    return {
        image.pk: image.title
        if taken[image.title] == 1 and _is_plain(image.title)
        else str(image.pk)
        for image in images
    }


def _is_plain(title: str) -> bool:
    """Say whether a title comes back from a cell as it went in."""
    return title == title.strip() and title.isprintable() and not _is_number(title)


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 19
