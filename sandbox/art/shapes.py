"""Things that several scenes show: hills, rays, leaves, clouds, birds and stars."""

from __future__ import annotations

import itertools
import math

from .canvas import Canvas, Colour, Point, moved

#: A leaf that points up, its stalk at (0, 0), 100 units long.
LEAF = "M0,0 C34,-22 40,-62 0,-100 C-40,-62 -34,-22 0,0 Z"
#: A drop that points up, around (0, 0).
DROP = (
    "M0,-60 C22,-22 40,0 40,24 C40,48 22,62 0,62 C-22,62 -40,48 -40,24 C-40,0 "
    "-22,-22 0,-60 Z"
)


def ground(
    c: Canvas, y: float, colour: Colour, rise: float = 30, lean: float = 0
) -> None:
    """A hill across the whole scene, its top at ``y``; ``lean`` moves the top."""
    points: list[Point] = [(-300, 320)]
    for step in range(61):
        x = -300 + 10 * step
        points.append((x, y + rise * ((x - lean) / 200) ** 2))
    points.append((300, 320))
    c.shape(points, colour)


def waves(
    c: Canvas, y: float, colour: Colour, height: float = 10, shift: float = 0
) -> None:
    """Water across the whole scene, with a rippled top."""
    points: list[Point] = [(-300, 320)]
    for step in range(121):
        x = -300 + 5 * step
        points.append((x, y - height * abs(math.sin((x + shift) / 36))))
    points.append((300, 320))
    c.shape(points, colour)


def rays(
    c: Canvas, x: float, y: float, colour: Colour, count: int = 12, turn: float = 0
) -> None:
    """Beams from a point to the edge of the scene."""
    for ray in range(count):
        angle = math.radians(turn + 360 * ray / count)
        spread = math.pi / count / 2
        c.shape(
            [
                (x, y),
                (
                    x + 500 * math.cos(angle - spread),
                    y + 500 * math.sin(angle - spread),
                ),
                (
                    x + 500 * math.cos(angle + spread),
                    y + 500 * math.sin(angle + spread),
                ),
            ],
            colour,
        )


def leaf(
    c: Canvas, x: float, y: float, turn: float, size: float, colour, vein=None
) -> None:
    """A leaf from its stalk at (x, y), half of it in shadow."""
    c.path(LEAF, colour, (x, y), size, turn)
    if vein:
        c.line(moved([(0, 8), (0, -84)], (x, y), size, turn), 5 * size, vein)
        for along in (-24, -46):
            for side in (-1, 1):
                bit = [(0, along), (side * 17, along - 15)]
                c.line(moved(bit, (x, y), size, turn), 3.4 * size, vein)


def cloud(c: Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    """A cloud with a flat base at ``y``."""
    c.box(x - 62 * size, y - 28 * size, 124 * size, 28 * size, colour, 14 * size)
    c.disc(x - 22 * size, y - 30 * size, 26 * size, colour)
    c.disc(x + 18 * size, y - 26 * size, 20 * size, colour)


def gull(
    c: Canvas, x: float, y: float, size: float, colour: Colour, width: float = 7
) -> None:
    """A bird far away, as everybody draws it."""
    c.stroke(
        "M-40,-8 C-26,-26 -10,-20 0,0 C10,-20 26,-26 40,-8", width, colour, (x, y), size
    )


def sparkle(c: Canvas, x: float, y: float, radius: float, colour: Colour) -> None:
    """A star with four points."""
    c.star(x, y, radius, colour, points=4, inner=0.28)


def sky_of_stars(c: Canvas, colour: Colour, places) -> None:
    """Small stars; every third one twinkles."""
    for index, (x, y, radius) in enumerate(places):
        if index % 3 == 0:
            sparkle(c, x, y, radius * 2.4, colour)
        else:
            c.disc(x, y, radius, colour)


def glow(
    c: Canvas, x: float, y: float, radius: float, colour: str, steps: int = 3
) -> None:
    """Rings of light around a sun, a moon or a lamp."""
    for step in range(steps, 0, -1):
        c.disc(x, y, radius * (1 + 0.36 * step), (colour, 0.2))


def twig(c: Canvas, points: list[Point], width: float, colour: Colour) -> None:
    """A branch that is thinner towards its end."""
    for index, (first, second) in enumerate(itertools.pairwise(points)):
        c.line([first, second], width * (1 - 0.16 * index), colour)
