"""A small drawing kit over Pillow, because badge art wants curves and clean edges.

Pillow fills polygons without smoothing their edges and knows no Bézier curves. Here
everything is drawn several times larger than it is saved, and curves are written as
SVG path data, which is short to type and easy to draw in any vector editor.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import cache

from PIL import Image, ImageChops, ImageDraw

Point = tuple[float, float]
Colour = str | tuple[str, float]

_TOKENS = re.compile(r"[MLHVCSQZmlhvcsqz]|-?\d*\.?\d+")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "Z": 0}
_CURVE_STEPS = 24


def rgb(colour: str) -> tuple[int, int, int]:
    """Pillow's colour for ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(first: str, second: str, amount: float) -> str:
    """The colour that is ``amount`` (0 to 1) of the way from first to second."""
    pairs = zip(rgb(first), rgb(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * amount):02x}" for a, b in pairs)


def _cubic(a: Point, b: Point, c: Point, d: Point) -> list[Point]:
    points = []
    for step in range(1, _CURVE_STEPS + 1):
        t = step / _CURVE_STEPS
        u = 1 - t
        weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        points.append(
            (
                sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True)),
                sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True)),
            )
        )
    return points


@cache
def outlines(data: str) -> tuple[tuple[Point, ...], ...]:
    """The polygons that SVG path data describes, one for each ``M``."""
    tokens = _TOKENS.findall(data)
    polygons: list[list[Point]] = []
    here: Point = (0.0, 0.0)
    handle = here
    command, index = "M", 0
    while index < len(tokens):
        if tokens[index].isalpha():
            command = tokens[index]
            index += 1
        kind, relative = command.upper(), command.islower()
        count = _ARGUMENTS[kind]
        if kind == "Z":
            here = polygons[-1][0]
            continue
        numbers = [float(token) for token in tokens[index : index + count]]
        index += count
        ox, oy = here if relative else (0.0, 0.0)
        if kind == "H":
            pairs = [(numbers[0] + ox, here[1])]
        elif kind == "V":
            pairs = [(here[0], numbers[0] + oy)]
        else:
            xs, ys = numbers[0::2], numbers[1::2]
            pairs = [(x + ox, y + oy) for x, y in zip(xs, ys, strict=True)]
        if kind == "M":
            polygons.append([pairs[0]])
            command = "l" if relative else "L"
        elif kind in "LHV":
            polygons[-1].append(pairs[0])
        elif kind == "Q":
            (qx, qy), end = pairs
            first = (here[0] + (qx - here[0]) * 2 / 3, here[1] + (qy - here[1]) * 2 / 3)
            second = (end[0] + (qx - end[0]) * 2 / 3, end[1] + (qy - end[1]) * 2 / 3)
            polygons[-1].extend(_cubic(here, first, second, end))
        else:
            if kind == "S":
                pairs.insert(0, (2 * here[0] - handle[0], 2 * here[1] - handle[1]))
            polygons[-1].extend(_cubic(here, *pairs))
            handle = pairs[1]
        here = pairs[-1]
        if kind not in "CS":
            handle = here
    return tuple(tuple(polygon) for polygon in polygons)


def rounded(points: Sequence[Point], radius: float) -> list[Point]:
    """The polygon with its corners replaced by curves that start ``radius`` away."""
    result: list[Point] = []
    for index, corner in enumerate(points):
        ends = []
        for other in (points[index - 1], points[(index + 1) % len(points)]):
            length = math.dist(corner, other)
            share = min(radius, length / 2) / length
            ends.append(
                (
                    corner[0] + (other[0] - corner[0]) * share,
                    corner[1] + (other[1] - corner[1]) * share,
                )
            )
        for step in range(13):
            t = step / 12
            u = 1 - t
            result.append(
                (
                    u * u * ends[0][0] + 2 * u * t * corner[0] + t * t * ends[1][0],
                    u * u * ends[0][1] + 2 * u * t * corner[1] + t * t * ends[1][1],
                )
            )
    return result


def ring(radius: float, sides: int, turn: float = -90) -> list[Point]:
    """The corners of a regular polygon around the origin, the first at ``turn``."""
    angles = (math.radians(turn + 360 * side / sides) for side in range(sides))
    return [(radius * math.cos(angle), radius * math.sin(angle)) for angle in angles]


def star_points(radius: float, points: int, inner: float, turn: float) -> list[Point]:
    """The corners of a star around the origin; ``inner`` is a share of the radius."""
    outside = ring(radius, points, turn)
    inside = ring(radius * inner, points, turn + 180 / points)
    return [corner for pair in zip(outside, inside, strict=True) for corner in pair]


class Canvas:
    """A picture being drawn, in its own units, several pixels to the unit.

    ``origin`` and ``unit`` place the drawing's coordinates on the picture, so that a
    scene can be drawn around (0, 0) and put into any frame.
    """

    def __init__(
        self,
        width: int,
        height: int,
        *,
        scale: int = 4,
        origin: Point = (0, 0),
        unit: float = 1,
        image: Image.Image | None = None,
    ) -> None:
        self.width, self.height, self.scale = width, height, scale
        self.origin, self.unit = origin, unit
        size = (width * scale, height * scale)
        self.image = image or Image.new("RGB", size, "#ffffff")
        self.pen = ImageDraw.Draw(self.image)

    def placed(self, x: float, y: float, unit: float = 1) -> Canvas:
        """The same picture, with its origin moved and its unit changed."""
        origin = (self.origin[0] + x * self.unit, self.origin[1] + y * self.unit)
        return Canvas(
            self.width,
            self.height,
            scale=self.scale,
            origin=origin,
            unit=self.unit * unit,
            image=self.image,
        )

    def pixels(self, points: Iterable[Point]) -> list[Point]:
        factor = self.unit * self.scale
        dx, dy = self.origin[0] * self.scale, self.origin[1] * self.scale
        return [(x * factor + dx, y * factor + dy) for x, y in points]

    def new_mask(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        mask = Image.new("L", self.image.size, 0)
        return mask, ImageDraw.Draw(mask)

    def mask(self, points: Iterable[Point], grow: float = 0) -> Image.Image:
        """The shape as a mask, grown (or, below zero, shrunk) all round."""
        pixels = self.pixels(points)
        mask, pen = self.new_mask()
        pen.polygon(pixels, fill=255)
        if grow:
            self._trace(pen, [*pixels, *pixels[:2]], abs(grow) * 2, 255 * (grow > 0))
        return mask

    def paint(self, mask: Image.Image, colour: Colour) -> None:
        """Fill what the mask shows; a colour may be a pair with its opacity."""
        if isinstance(colour, tuple):
            colour, opacity = colour
            mask = mask.point(lambda value: round(value * opacity))
        self.image.paste(rgb(colour), mask=mask)

    def shape(self, points: Iterable[Point], colour: Colour) -> None:
        """Fill a polygon."""
        points = list(points)
        if isinstance(colour, tuple):
            self.paint(self.mask(points), colour)
        else:
            self.pen.polygon(self.pixels(points), fill=rgb(colour))

    def path(
        self,
        data: str,
        colour: Colour,
        at: Point = (0, 0),
        size: float = 1,
        turn: float = 0,
        flip: bool = False,
    ) -> None:
        """Fill SVG path data, placed, sized, turned (degrees) and mirrored."""
        for polygon in outlines(data):
            self.shape(moved(polygon, at, size, turn, flip), colour)

    def line(self, points: Iterable[Point], width: float, colour: Colour) -> None:
        """Draw a line with round ends and joins."""
        if isinstance(colour, tuple):
            self.paint(self.line_mask(points, width), colour)
        else:
            self._trace(self.pen, self.pixels(points), width * self.unit, rgb(colour))

    def line_mask(self, points: Iterable[Point], width: float) -> Image.Image:
        """A line with round ends and joins, as a mask."""
        mask, pen = self.new_mask()
        self._trace(pen, self.pixels(points), width * self.unit, 255)
        return mask

    def stroke(
        self,
        data: str,
        width: float,
        colour: Colour,
        at: Point = (0, 0),
        size: float = 1,
        turn: float = 0,
        flip: bool = False,
    ) -> None:
        """Draw SVG path data as a line."""
        for polygon in outlines(data):
            self.line(moved(polygon, at, size, turn, flip), width, colour)

    def _trace(self, pen, pixels, width, colour) -> None:
        thick = width * self.scale
        pen.line(pixels, fill=colour, width=max(1, round(thick)))
        radius = thick / 2
        for x, y in pixels:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def oval(
        self,
        x: float,
        y: float,
        across: float,
        down: float,
        colour: Colour,
        turn: float = 0,
    ) -> None:
        """Fill an ellipse, given by its centre and its two radii."""
        self.shape(moved(ellipse(across, down), (x, y), 1, turn), colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self.oval(x, y, radius, radius, colour)

    def circle(
        self, x: float, y: float, radius: float, width: float, colour: Colour
    ) -> None:
        """Draw the line of a circle."""
        points = moved(ellipse(radius, radius), (x, y))
        self.line([*points, points[0]], width, colour)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: Colour,
        radius: float = 0,
    ) -> None:
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        self.shape(rounded(corners, radius) if radius else corners, colour)

    def star(
        self,
        x: float,
        y: float,
        radius: float,
        colour: Colour,
        points: int = 5,
        inner: float = 0.45,
        turn: float = -90,
    ) -> None:
        self.shape(moved(star_points(radius, points, inner, turn), (x, y)), colour)


def ellipse(across: float, down: float, steps: int = 120) -> list[Point]:
    """The outline of an ellipse around the origin."""
    angles = (2 * math.pi * step / steps for step in range(steps))
    return [(across * math.cos(a), down * math.sin(a)) for a in angles]


def moved(
    points: Iterable[Point],
    at: Point = (0, 0),
    size: float = 1,
    turn: float = 0,
    flip: bool = False,
) -> list[Point]:
    """The points mirrored, sized, turned (degrees, clockwise) and then shifted."""
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    result = []
    for x, y in points:
        x, y = (-x if flip else x) * size, y * size
        result.append((x * cosine - y * sine + at[0], x * sine + y * cosine + at[1]))
    return result


def without(mask: Image.Image, hole: Image.Image) -> Image.Image:
    """What the first mask shows and the second doesn't."""
    return ImageChops.subtract(mask, hole)
