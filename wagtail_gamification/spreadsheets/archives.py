"""Packed files (XLSX, ODS, the ZIP of images), opened with suspicion.

A few kilobytes can unpack to gigabytes, and the sizes that an archive states are
whatever its maker wrote. So everything is unpacked once in small pieces that are
counted and thrown away, before a library gets to see any of it.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from wagtail_gamification.conf import app_settings

from .errors import CatalogueError, shortened

CHUNK = 64 * 1024
# How each file in an archive begins in the list at the archive's end.
_LISTED = b"PK\x01\x02"
# What Excel allows in one row; a formatted row may well use all of it.
_MAX_CELLS_IN_ROW = 16_384
# Far above what a catalogue has, far below what would fill the memory.
_MAX_ELEMENTS = 5_000_000

try:  # Python may be built without these.
    from lzma import LZMAError
except ImportError:  # pragma: no cover
    LZMAError = zlib.error  # type: ignore[misc,assignment]

_UNPACKING_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    struct.error,
    EOFError,
    OSError,
    # Encrypted, packed by an unknown method, names in an unknown encoding.
    RuntimeError,
    NotImplementedError,
    ValueError,
)


@contextmanager
def _damage_said_clearly(name: str) -> Iterator[None]:
    try:
        yield
    except CatalogueError:
        raise
    except (DefusedXmlException, SAXException) as error:
        raise CatalogueError(
            _("“%(name)s” holds XML that no spreadsheet program writes. It isn't read.")
            % {"name": shortened(name)}
        ) from error
    except _UNPACKING_ERRORS as error:
        raise CatalogueError(
            _("“%(name)s” is damaged or protected by a password, so it can't be read.")
            % {"name": shortened(name)}
        ) from error


def open_archive(data: bytes, name: str, max_files: int) -> zipfile.ZipFile:
    """Open a packed file after counting what really comes out of it.

    :raises CatalogueError: if it is damaged, encrypted or unpacks to too much
    """
    if data.count(_LISTED) > max_files:
        raise CatalogueError(
            _("“%(name)s” packs more than %(count)d files. Send fewer.")
            % {"name": shortened(name), "count": max_files}
        )
    with _damage_said_clearly(name):
        archive = zipfile.ZipFile(BytesIO(data))
        unpacked = 0
        for entry in archive.infolist():
            for chunk in _chunks(archive, entry):
                unpacked += len(chunk)
                if unpacked > app_settings.IMPORT_MAX_UNPACKED_SIZE:
                    raise CatalogueError(
                        _("“%(name)s” unpacks to more than %(size)s. It isn't read.")
                        % {
                            "name": shortened(name),
                            "size": filesizeformat(
                                app_settings.IMPORT_MAX_UNPACKED_SIZE
                            ),
                        }
                    )
    return archive


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """Unpack one file of an archive that :func:`open_archive` has counted."""
    with _damage_said_clearly(name):
        return archive.read(entry)


def is_link(entry: zipfile.ZipInfo) -> bool:
    """Say whether an entry is a symbolic link instead of a file."""
    return stat.S_ISLNK(entry.external_attr >> 16)


def inspect_xml(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse XML that would cost its reader the memory or the network.

    Entities, external references and document types have no place in a
    spreadsheet; the count of elements is bounded because readers build an object
    for each.

    :raises CatalogueError: naming the file
    """
    for entry in archive.infolist():
        if entry.filename.lower().endswith((".xml", ".rels")):
            parse_xml(archive, entry, _ElementCounter(name), name)


def parse_xml(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    handler: ContentHandler,
    name: str,
) -> None:
    """Stream one XML file of an archive to ``handler``, entities forbidden."""
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(handler)
    with _damage_said_clearly(name):
        for chunk in _chunks(archive, entry):
            parser.feed(chunk)
        parser.close()


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    if entry.is_dir():
        return
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


class _ElementCounter(ContentHandler):
    """Counts elements, and cells by row; knows no spreadsheet format."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.elements = 0
        self.cells = 0

    def startElement(self, name: str, attrs: Any) -> None:
        tag = name.rpartition(":")[2]
        self.elements += 1
        if tag in ("row", "table-row"):
            self.cells = 0
        elif tag in ("c", "table-cell"):
            self.cells += 1
        if self.elements > _MAX_ELEMENTS or self.cells > _MAX_CELLS_IN_ROW:
            raise CatalogueError(
                _("“%(name)s” has far more cells than a catalogue. It isn't read.")
                % {"name": shortened(self.name)}
            )
