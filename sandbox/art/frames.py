"""What a badge is set in: its outline, its rim, and the ornaments of its rank."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops

from .canvas import (
    Canvas,
    Point,
    ellipse,
    mix,
    moved,
    outlines,
    rgb,
    ring,
    rounded,
    star_points,
    without,
)
from .palettes import BRONZE, CREAM, GOLD, SILVER, Metal, Palette, enamel

SIZE = 512
Scene = Callable[[Canvas, Palette], None]

_SHIELD = (
    "M-180,-176 C-110,-176 -54,-190 0,-216 C54,-190 110,-176 180,-176 "
    "C190,-20 168,130 0,226 C-168,130 -190,-20 -180,-176 Z"
)
_EGG = (
    "M0,-232 C104,-232 188,-92 188,38 C188,152 108,228 0,228 "
    "C-108,228 -188,152 -188,38 C-188,-92 -104,-232 0,-232 Z"
)
_LEAF = "M0,0 C13,-13 15,-32 0,-52 C-15,-32 -13,-13 0,0 Z"


@dataclass(frozen=True)
class Frame:
    """An outline around (0, 0), where it sits, and how much of a scene it shows."""

    outline: Sequence[Point]
    scene: float = 1.0
    lift: float = 0.0
    face: Sequence[Point] | None = None
    lifebelt: bool = False
    ribbon: bool = False


def _scallop(radius: float, lobes: int, depth: float) -> list[Point]:
    points = []
    for step in range(lobes * 24):
        angle = 2 * math.pi * step / (lobes * 24)
        reach = radius - depth + depth * abs(math.cos(lobes * angle / 2)) * 1.6
        points.append((reach * math.sin(angle), -reach * math.cos(angle)))
    return points


def _smoothed(corners: Sequence[Point], radius: float) -> list[Point]:
    return rounded(list(corners), radius)


DISC = Frame(ellipse(222, 222), 1.1)
MEDAL = Frame(ellipse(178, 178), 0.9, -26, ribbon=True)
SHIELD = Frame(moved(outlines(_SHIELD)[0], size=0.84), 0.92)
DIAMOND = Frame(_smoothed(ring(268, 4), 110), 1.02)
HEXAGON = Frame(_smoothed(ring(196, 6), 46), 0.92)
EGG = Frame(outlines(_EGG)[0], 1.0)
SCALLOP = Frame(_scallop(190, 14, 20), 0.9, face=ellipse(146, 146))
LIFEBELT = Frame(ellipse(224, 224), 0.95, lifebelt=True)
STARBURST = Frame(_smoothed(star_points(214, 8, 0.82, -90), 26), 0.88)
OCTAGON = Frame(_smoothed(ring(238, 8, 22.5), 56), 1.1)
ROUND = Frame(ellipse(186, 186), 0.94)
DOORWAY = Frame(
    outlines("M-170,226 V-30 C-170,-300 170,-300 170,-30 V226 Z")[0], 1.0, 2
)

METALS = (BRONZE, SILVER, GOLD)


class Piece:
    """A picture and its transparency, put together layer by layer."""

    def __init__(self, backdrop: str) -> None:
        self.canvas = Canvas(SIZE, SIZE, origin=(SIZE / 2, SIZE / 2))
        self.canvas.image.paste(rgb(backdrop), (0, 0, *self.canvas.image.size))
        self.alpha = Image.new("L", self.canvas.image.size, 0)

    def add(self, mask: Image.Image, colour: str) -> None:
        self.canvas.paint(mask, colour)
        self.alpha = ImageChops.lighter(self.alpha, mask)

    def finished(self) -> Image.Image:
        picture = self.canvas.image.copy()
        picture.putalpha(self.alpha)
        return picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def _shifted(mask: Image.Image, dx: float, dy: float, scale: int) -> Image.Image:
    blank = Image.new("L", mask.size, 0)
    blank.paste(mask, (round(dx * scale), round(dy * scale)))
    return blank


def _set_in_metal(
    piece: Piece, frame: Frame, metal: Metal, palette: Palette, scene: Scene
) -> None:
    canvas = piece.canvas
    outline = moved(frame.outline, (0, frame.lift))
    whole = canvas.mask(outline)
    rim = canvas.mask(outline, -6)
    if frame.face:
        opening = moved(frame.face, (0, frame.lift))
        inner, face = canvas.mask(opening, 6), canvas.mask(opening)
    else:
        inner, face = canvas.mask(outline, -30), canvas.mask(outline, -36)
    piece.add(whole, metal.edge)
    canvas.paint(rim, metal.body)
    if frame.lifebelt:
        _lifebelt(canvas, rim, frame.lift, palette)
    else:
        band = without(rim, inner)
        lit = without(band, _shifted(band, 5, 7, canvas.scale))
        shaded = without(band, _shifted(band, -5, -7, canvas.scale))
        canvas.paint(shaded, (metal.shadow, 1))
        canvas.paint(lit, (metal.shine, 1))
    canvas.paint(inner, metal.edge)
    picture = Canvas(SIZE, SIZE, origin=canvas.origin)
    picture.image.paste(rgb(palette.sky), (0, 0, *picture.image.size))
    scene(picture.placed(0, frame.lift, frame.scene), palette)
    canvas.image.paste(picture.image, mask=face)
    recess = without(face, _shifted(face, 0, 9, canvas.scale))
    canvas.paint(recess, (palette.deep, 0.28))


def _lifebelt(canvas: Canvas, rim: Image.Image, lift: float, palette: Palette) -> None:
    canvas.paint(rim, CREAM)
    for quarter in range(4):
        middle = math.radians(45 + 90 * quarter)
        wedge = [(0.0, lift)] + [
            (
                400 * math.cos(middle + math.radians(step)),
                lift + 400 * math.sin(middle + math.radians(step)),
            )
            for step in (-21, -10, 0, 10, 21)
        ]
        canvas.paint(ImageChops.multiply(rim, canvas.mask(wedge)), palette.accent)
    lower = without(rim, _shifted(rim, -4, -6, canvas.scale))
    canvas.paint(lower, (palette.deep, 0.3))


def _ribbon(piece: Piece, palette: Palette, lift: float) -> None:
    for side in (-1, 1):
        tail = [(30, 90), (126, 70), (150, 236), (104, 206), (66, 246)]
        points = [(x * side, y + lift + 12) for x, y in tail]
        piece.add(piece.canvas.mask(points, 3), palette.deep)
        piece.canvas.shape(points, palette.dark)
        stripe = [(62, 90), (96, 82), (122, 212), (104, 204), (88, 222)]
        piece.canvas.shape(
            [(x * side, y + lift + 12) for x, y in stripe], palette.accent
        )


def _laurel(piece: Piece, metal: Metal, leaves: int, lift: float) -> None:
    canvas = piece.canvas
    middle = lift * 0.8
    top = 72 - 20 * (leaves - 1)
    for side in (-1, 1):
        stem = [
            (
                side * 208 * math.cos(math.radians(angle)),
                208 * math.sin(math.radians(angle)) + middle,
            )
            for angle in range(88, top - 4, -2)
        ]
        leafage = []
        for step in range(leaves):
            for lean, ahead, size, colour in (
                (46, 0, 0.92, metal.body),
                (4, 8, 1.02, metal.shine),
            ):
                angle = 76 - step * 20 - ahead
                place = math.radians(angle)
                at = (side * 208 * math.cos(place), 208 * math.sin(place) + middle)
                points = moved(outlines(_LEAF)[0], at, size, side * (angle + lean))
                leafage.append((points, colour))
        outline = canvas.line_mask(stem, 13)
        for points, _ in leafage:
            outline = ImageChops.lighter(outline, canvas.mask(points, 4))
        piece.add(outline, metal.edge)
        for points, colour in leafage:
            piece.add(canvas.mask(points, 3), metal.edge)
            canvas.shape(points, colour)
        canvas.line(stem, 5, metal.shadow)


def _plaque(piece: Piece, metal: Metal, palette: Palette, rank: int, y: float) -> None:
    canvas = piece.canvas
    half = 30 + 24 * rank
    for side in (-1, 1):
        fold = [(half - 14, -18), (half + 34, -18), (half + 18, 6), (half + 34, 30)]
        points = [(x * side, py + y + 6) for x, py in [*fold, (half - 14, 30)]]
        piece.add(canvas.mask(points, 4), palette.deep)
        canvas.shape(points, metal.shadow)
    corners = [(-half, y - 30), (half, y - 30), (half, y + 26), (-half, y + 26)]
    strip = rounded(corners, 10)
    piece.add(canvas.mask(strip, 5), palette.deep)
    canvas.shape(strip, metal.body)
    canvas.box(-half, y - 30, half * 2, 9, metal.shine, 4)
    for pip in range(rank):
        canvas.star((pip - (rank - 1) / 2) * 46, y + 1, 19, palette.deep, inner=0.48)


def _crown(piece: Piece, metal: Metal, y: float) -> None:
    canvas = piece.canvas
    for radius, colour, grow in ((36, metal.edge, 6), (36, metal.body, 0)):
        points = moved(star_points(radius, 5, 0.52, -90), (0, y))
        piece.add(canvas.mask(points, grow), colour)
    canvas.shape(
        [(0, y - 36), (0, y), moved(star_points(36, 5, 0.52, -90), (0, y))[9]],
        metal.shine,
    )
    canvas.star(0, y, 16, metal.shine, inner=0.52)


def ranked(frame: Frame, palette: Palette, rank: int, scene: Scene) -> Image.Image:
    """A badge of a chain: bronze, silver or gold, its rank also told by stars."""
    metal = METALS[rank - 1]
    piece = Piece(metal.edge)
    if frame.ribbon:
        _ribbon(piece, palette, frame.lift)
    if rank > 1:
        _laurel(piece, metal, 4 if rank == 2 else 6, frame.lift)
    _set_in_metal(piece, frame, metal, palette, scene)
    lowest = max(y for _, y in frame.outline) + frame.lift
    _plaque(piece, metal, palette, rank, lowest - 10)
    if rank == 3:
        _crown(piece, metal, min(y for _, y in frame.outline) + frame.lift - 2)
    return piece.finished()


def single(
    frame: Frame, palette: Palette, scene: Scene, metal: Metal | None = None
) -> Image.Image:
    """A badge that stands on its own, rimmed in its category's colour."""
    metal = metal or enamel(palette)
    piece = Piece(metal.edge)
    _set_in_metal(piece, frame, metal, palette, scene)
    return piece.finished()


def shade(colour: str, amount: float = 0.25) -> str:
    """A darker tone of the colour, for the side that is away from the light."""
    return mix(colour, "#10202c", amount)


def emblem(palette: Palette, rank: int, scene: Scene) -> Image.Image:
    """A level's emblem; ``rank`` counts from 0, and each has more laurel."""
    metal = METALS[rank // 2]
    piece = Piece(metal.edge)
    if rank:
        _laurel(piece, metal, rank + 1, 0)
    _set_in_metal(piece, ROUND, metal, palette, scene)
    if rank == 5:
        _crown(piece, metal, -198)
    return piece.finished()
