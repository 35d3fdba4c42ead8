"""The colours of the demo: one palette for each category, and three metals."""

from __future__ import annotations

from dataclasses import dataclass

INK = "#1b2730"
CREAM = "#fff6e0"
WHITE = "#ffffff"


@dataclass(frozen=True)
class Palette:
    """A category's colours, from light to dark, and one that stands out."""

    light: str
    sky: str
    mid: str
    dark: str
    deep: str
    accent: str


@dataclass(frozen=True)
class Metal:
    """A rim's colours: where light falls, the metal itself, its shadow and its edge."""

    shine: str
    body: str
    shadow: str
    edge: str


SETTING_OUT = Palette("#ffe2ad", "#fbb867", "#ec7f4a", "#b8433c", "#5a2338", "#ffd24d")
HEDGEROW = Palette("#e2eeb0", "#b3d482", "#69a85c", "#2f6e4b", "#153c34", "#f2a33c")
BIRDS = Palette("#d5eff2", "#92cfe4", "#4a9cc7", "#28638f", "#15344f", "#ff7d5c")
SHORE = Palette("#ffe9b8", "#8fdccf", "#35aaa6", "#137079", "#0b3d4a", "#ff7863")
NIGHT = Palette("#c3b5f5", "#7b6fd0", "#4a449f", "#2b2a6b", "#15153c", "#ffdc7a")

BRONZE = Metal("#f3c49a", "#c9824e", "#95552f", "#5a2f1a")
SILVER = Metal("#fbfdff", "#c0cbd5", "#8694a2", "#46525e")
GOLD = Metal("#fff0b3", "#f4be3d", "#c98a1b", "#754a0c")


def enamel(palette: Palette) -> Metal:
    """A rim in the category's own colour, for badges that stand on their own."""
    if palette is NIGHT:  # Its dark tones are the sky, which the rim has to leave.
        return Metal(palette.light, "#7a6ccf", palette.mid, palette.deep)
    return Metal(palette.mid, palette.dark, palette.deep, palette.deep)
