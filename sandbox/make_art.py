"""Draw the demo's images again: ``python sandbox/make_art.py``.

Writes ``images.zip``, which the catalogue's rows name their images from, and the
pictures of the lessons. Drawing is arithmetic only, so with the same Pillow the same
bytes come out. Needs nothing but Pillow.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from art.catalogue import BADGES, LEVELS, UNLOCKABLES
from art.pictures import PICTURES
from PIL import Image

HERE = Path(__file__).resolve().parent
IMAGES = HERE / "images.zip"
PICTURE_FOLDER = HERE / "learning" / "pictures"
_SHEET_CELL, _SHEET_COLUMNS = 176, 8
# A fixed time, so that the archive changes only when a drawing does.
_TIMESTAMP = (2026, 1, 1, 0, 0, 0)


def png(picture: Image.Image, colours: int = 256) -> bytes:
    """The picture as a small PNG file: flat drawings lose nothing in 256 colours."""
    buffer = io.BytesIO()
    method = Image.Quantize.FASTOCTREE if picture.mode == "RGBA" else None
    small = picture.quantize(colours, method=method, dither=Image.Dither.NONE)
    if picture.mode == "RGBA":
        # The octree makes some of what is solid a little transparent.
        palette = small.getpalette("RGBA")
        palette[3::4] = [255 if alpha > 245 else alpha for alpha in palette[3::4]]
        small.putpalette(palette, "RGBA")
    small.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def drawings() -> Iterator[tuple[str, Image.Image]]:
    """The file name and the picture of each thing in the catalogue."""
    for group in (BADGES, LEVELS, UNLOCKABLES):
        for name, draw in group.items():
            yield f"{name}.png", draw()


def contact_sheet(pictures: dict[str, Image.Image]) -> Image.Image:
    """All drawings on one page, to look at them together."""
    rows = -(-len(pictures) // _SHEET_COLUMNS)
    size = (_SHEET_COLUMNS * _SHEET_CELL, rows * _SHEET_CELL)
    sheet = Image.new("RGB", size, "#f3f5f1")
    for index, picture in enumerate(pictures.values()):
        small = picture.resize((160, 160), Image.Resampling.LANCZOS)
        row, column = divmod(index, _SHEET_COLUMNS)
        sheet.paste(small, (column * _SHEET_CELL + 8, row * _SHEET_CELL + 8), small)
    return sheet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sheet", type=Path, help="also write a contact sheet there")
    options = parser.parse_args()
    pictures = dict(drawings())
    with zipfile.ZipFile(IMAGES, "w") as archive:
        for name, picture in pictures.items():
            entry = zipfile.ZipInfo(name, _TIMESTAMP)
            archive.writestr(entry, png(picture), zipfile.ZIP_STORED)
    PICTURE_FOLDER.mkdir(exist_ok=True)
    for name, draw in PICTURES.items():
        (PICTURE_FOLDER / f"{name}.png").write_bytes(png(draw()))
    if options.sheet:
        contact_sheet(pictures).save(options.sheet)


if __name__ == "__main__":
    main()
