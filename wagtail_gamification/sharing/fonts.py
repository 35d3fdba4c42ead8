"""The letters of the pictures: the site's font, else one that has them.

Pillow brings one font along, which has Latin letters only, so those of the system come
before it. Letters that join or run from right to left need Raqm, which the wheels of
Pillow have: without it they stand one by one.
"""

from __future__ import annotations

import os
import unicodedata
from functools import lru_cache
from typing import Any

from PIL import ImageFont

from wagtail_gamification.conf import app_settings

SYSTEM_FONTS = (
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    ("NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf"),
    ("NotoSansHebrew-Regular.ttf", "NotoSansHebrew-Bold.ttf"),
    ("NotoSansDevanagari-Regular.ttf", "NotoSansDevanagari-Bold.ttf"),
    ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
)
# Never a letter, says Unicode: a font draws what it draws for missing ones.
_NO_LETTER = "\ufffe"
_MEASURE = 32

Font = Any


def font_for(text: str, size: int, *, is_bold: bool = False) -> Font:
    """Give the first font that has all letters of ``text``."""
    for path in candidates(is_bold):
        if _load(path, size) is not None and all(_has(path, char) for char in text):
            return _load(path, size)
    # None has them all. The site's own has at least the right looks.
    for path in candidates(is_bold):
        if (font := _load(path, size)) is not None:
            return font
    return _load("", size)


def candidates(is_bold: bool) -> list[str]:
    """Give the files to look into, in their order; "" is what Pillow brings along."""
    own = app_settings.SHARE_FONT
    paths = list(own) if isinstance(own, (list, tuple)) else [own]
    chosen = [os.fspath(path) for path in paths if path]
    if chosen:
        chosen = [chosen[-1] if is_bold else chosen[0]]
    return [*chosen, *(fonts[is_bold] for fonts in SYSTEM_FONTS), ""]


@lru_cache(maxsize=64)
def _load(path: str, size: int) -> Font | None:
    try:
        if path:
            return ImageFont.truetype(path, size)
        return ImageFont.load_default(size)
    except (OSError, ImportError):
        return None


@lru_cache(maxsize=4096)
def _has(path: str, char: str) -> bool:
    if char.isspace() or unicodedata.category(char) in ("Cf", "Mn"):
        # Without a shape of their own.
        return True
    font = _load(path, _MEASURE)
    return font is not None and _shape(font, char) != _shape(font, _NO_LETTER)


def _shape(font: Font, char: str) -> tuple[Any, bytes]:
    mask = font.getmask(char)
    return mask.size, bytes(mask)
