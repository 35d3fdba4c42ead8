"""Draws the picture that other sites show beside a link to an award.

The size is the one that `Open Graph <https://ogp.me/>`_ consumers agree on.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Any

from django.core.cache import BaseCache
from PIL import Image, ImageDraw

from wagtail_gamification.caching import shared_cache
from wagtail_gamification.conf import app_settings

from .cards import ShareCard, picture_of
from .fonts import Font, font_for

WIDTH, HEIGHT = 1200, 630
EDGE = 64
MEDAL = 400
BAND = 16
# What the words have beside the medal.
TEXT_WIDTH = WIDTH - 3 * EDGE - MEDAL
GAP = 16
KEPT_SECONDS = 3600

# One at a time in each process: a picture takes a few megabytes while it is drawn.
_drawing = Lock()


@dataclass(frozen=True)
class Line:
    """One line of words, as it is drawn."""

    text: str
    font: Font
    colour: str
    height: int
    """With the space to the next one."""


def picture(card: ShareCard, image: Any) -> bytes:
    """Give the picture as PNG, drawn where the cache doesn't have it."""
    key = f"wagtail_gamification:share:{card.fingerprint}"
    cache: BaseCache = shared_cache()
    found = cache.get(key)
    if found is None:
        with _drawing:
            # Somebody else may have drawn it meanwhile.
            found = cache.get(key)
            if found is None:
                found = draw(card, picture_of(image))
                cache.set(key, found, KEPT_SECONDS)
    return found


def colours_of_the_site() -> dict[str, str]:
    """Give the colours, the default ones where the site names no others."""
    setting = app_settings.all()["WAGTAIL_GAMIFICATION_SHARE_COLOURS"]
    return {**setting.default, **app_settings.SHARE_COLOURS}


def draw(card: ShareCard, medal: Image.Image | None) -> bytes:
    """Draw a picture: the medal where a line begins, the words beside it."""
    colours = colours_of_the_site()
    canvas = Image.new("RGB", (WIDTH, HEIGHT), colours["background"])
    pen = ImageDraw.Draw(canvas)
    pen.rectangle((0, HEIGHT - BAND, WIDTH, HEIGHT), fill=colours["accent"])
    left = WIDTH - EDGE - MEDAL if card.is_rtl else EDGE
    box = (left, (HEIGHT - BAND - MEDAL) // 2)
    if medal is None:
        _draw_initial(pen, box, card.initial, colours)
    else:
        _paste(canvas, medal, box)
    _draw_words(pen, card, colours)
    file = BytesIO()
    canvas.save(file, "PNG", optimize=True)
    return file.getvalue()


def _paste(canvas: Image.Image, medal: Image.Image, box: tuple[int, int]) -> None:
    scale = MEDAL / max(medal.size)
    width, height = (max(1, round(side * scale)) for side in medal.size)
    fitted = medal.resize((width, height), Image.Resampling.LANCZOS)
    left, top = box
    place = (left + (MEDAL - width) // 2, top + (MEDAL - height) // 2)
    canvas.paste(fitted, place, fitted)


def _draw_initial(
    pen: ImageDraw.ImageDraw,
    box: tuple[int, int],
    initial: str,
    colours: dict[str, str],
) -> None:
    left, top = box
    around = (left, top, left + MEDAL, top + MEDAL)
    pen.ellipse(
        around, fill=colours["medal"], outline=colours["accent"], width=MEDAL // 20
    )
    font = font_for(initial, MEDAL // 2, is_bold=True)
    centre = (left + MEDAL / 2, top + MEDAL / 2)
    pen.text(centre, initial, fill=colours["medal_text"], font=font, anchor="mm")


def _draw_words(
    pen: ImageDraw.ImageDraw, card: ShareCard, colours: dict[str, str]
) -> None:
    lines = [
        *fit(card.badge, colours["text"], (76, 64, 56, 48), 4, is_bold=True),
        Line("", None, "", GAP),
        *fit(card.player, colours["text"], (42, 36, 32), 2),
        *fit(card.date, colours["quiet"], (32, 28), 1),
    ]
    room = HEIGHT - BAND - 2 * EDGE
    site = next(iter(fit(card.site, colours["quiet"], (32, 28, 24), 1)), None)
    free = room - (site.height if site else 0)
    top = EDGE + max(0, free - sum(line.height for line in lines)) / 2
    side = EDGE + TEXT_WIDTH if card.is_rtl else 2 * EDGE + MEDAL
    anchor = "ra" if card.is_rtl else "la"
    for line in lines:
        if line.text:
            pen.text((side, top), line.text, line.colour, line.font, anchor)
        top += line.height
    if site:
        bottom = (side, EDGE + room - site.height)
        pen.text(bottom, site.text, site.colour, site.font, anchor)


def fit(
    text: str, colour: str, sizes: tuple[int, ...], most: int, *, is_bold: bool = False
) -> list[Line]:
    """Break a text into at most so many lines, in the largest size that it fits in.

    What is too long for the smallest ends in an ellipsis.
    """
    if not text:
        return []
    for size in sizes:
        font = font_for(text, size, is_bold=is_bold)
        rows = wrap(text, font)
        if len(rows) <= most:
            break
    else:
        font = font_for(f"{text}…", size, is_bold=is_bold)
        rows = wrap(text, font)[:most]
        rows[-1] = _shortened(rows[-1], font)
    return [Line(row, font, colour, round(size * 1.3)) for row in rows]


def wrap(text: str, font: Font) -> list[str]:
    """Break a text into lines that fit: between words, within one that is too long."""
    rows: list[str] = []
    row = ""
    for word in text.split():
        longer = f"{row} {word}" if row else word
        if font.getlength(longer) <= TEXT_WIDTH:
            row = longer
            continue
        if row:
            rows.append(row)
        row = word
        while font.getlength(row) > TEXT_WIDTH:
            cut = _longest(row, font)
            rows.append(row[:cut])
            row = row[cut:]
    return [*rows, row] if row else rows


def _shortened(row: str, font: Font) -> str:
    while row and font.getlength(f"{row}…") > TEXT_WIDTH:
        row = row[: _start_of_last(row)].rstrip()
    return f"{row}…"


def _longest(word: str, font: Font) -> int:
    """Give how many letters of a word fit in a line: at least one."""
    cut = len(word)
    while cut > 1 and font.getlength(word[:cut]) > TEXT_WIDTH:
        cut = max(1, _start_of_last(word[:cut]))
    return cut


def _start_of_last(text: str) -> int:
    """Give where the last letter begins, with the marks that belong to it."""
    start = len(text) - 1
    while start > 0 and _belongs_to_the_one_before(text[start]):
        start -= 1
    return start


def _belongs_to_the_one_before(char: str) -> bool:
    return char == "\u200d" or unicodedata.category(char) in ("Mn", "Me", "Mc")
