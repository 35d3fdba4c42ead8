"""The badges of "Hedgerow": leaves, trees, fungi and the insects that visit them."""

from __future__ import annotations

import math

from .canvas import Canvas, moved
from .palettes import CREAM, INK, WHITE, Palette
from .shapes import glow, ground, leaf, rays

_OAK = (
    "M0,96 C-6,70 -20,66 -34,70 C-56,74 -62,50 -48,38 C-76,40 -84,8 -58,-2 "
    "C-84,-14 -72,-50 -44,-44 C-56,-70 -26,-88 -12,-70 C-12,-96 12,-96 12,-70 "
    "C26,-88 56,-70 44,-44 C72,-50 84,-14 58,-2 C84,8 76,40 48,38 "
    "C62,50 56,74 34,70 C20,66 6,70 0,96 Z"
)


def _oak_leaf(c: Canvas, x, y, turn, size, colour, vein) -> None:
    c.path(_OAK, colour, (x, y), size, turn)
    c.line(moved([(0, 116), (0, -62)], (x, y), size, turn), 7 * size, vein)
    for along in (-24, 12, 44):
        for side in (-1, 1):
            rib = [(0, along), (side * 40, along - 22)]
            c.line(moved(rib, (x, y), size, turn), 5 * size, vein)


def one_leaf(c: Canvas, p: Palette) -> None:
    c.disc(0, -14, 128, p.light)
    leaf(c, -8, 92, 12, 1.96, p.mid)
    c.path("M0,0 C34,-22 40,-62 0,-100 Z", p.dark, (-8, 92), 1.96, 12)
    c.line(moved([(0, 12), (0, -88)], (-8, 92), 1.96, 12), 8, CREAM)
    for along in (-20, -38, -56, -72):
        for side in (-1, 1):
            reach = 20 if along > -60 else 12
            rib = [(0, along), (side * reach, along - reach * 0.8)]
            c.line(moved(rib, (-8, 92), 1.96, 12), 5, CREAM)


def hedge_book(c: Canvas, p: Palette) -> None:
    rays(c, 0, 10, (p.light, 0.55), 14)
    for x, turn, size in (
        (-66, -34, 0.9),
        (-34, -16, 1.14),
        (34, 16, 1.14),
        (66, 34, 0.9),
    ):
        leaf(c, x * 0.5, 22, turn, size, p.mid if size > 1 else p.dark, p.light)
    leaf(c, 0, 26, 0, 1.42, p.dark, p.light)
    for side in (-1, 1):
        cover = "M0,30 C40,8 84,8 112,22 V96 C84,82 40,82 0,104 Z"
        c.path(cover, p.deep, (0, 6), 1, 0, side < 0)
        c.path("M0,26 C38,4 78,4 104,16 V84 C78,72 38,72 0,94 Z", CREAM, flip=side < 0)
        for row in (0, 18, 36):
            text = f"M16,{38 + row} C40,{26 + row} 66,{22 + row} 88,{28 + row}"
            c.stroke(text, 5, p.sky, flip=side < 0)
    c.line([(0, 28), (0, 96)], 5, p.dark)


def hedge_gate(c: Canvas, p: Palette) -> None:
    glow(c, 0, -40, 44, p.accent)
    c.disc(0, -40, 44, CREAM)
    ground(c, 20, p.mid, 24, 0)
    for side in (-1, 1):
        for x, y, radius, colour in (
            (136, -36, 62, p.dark),
            (150, 30, 64, p.deep),
            (104, 0, 44, p.dark),
            (116, 50, 46, p.deep),
            (92, 40, 32, p.mid),
        ):
            c.disc(x * side, y, radius, colour)
        for x, y in ((112, -46), (140, -14), (100, 8), (128, 40), (92, 48)):
            c.disc(x * side, y, 8, p.accent)
    c.path("M-44,150 L-18,24 H18 L44,150 Z", p.light)
    for x in (-70, 70):
        c.box(x - 9, -22, 18, 130, INK, 6)
    for y in (-4, 18, 40, 62):
        c.box(-64, y, 128, 11, CREAM, 4)
    c.line([(-60, 66), (60, 0)], 11, CREAM)


def acorn(c: Canvas, p: Palette) -> None:
    rays(c, 0, 0, (p.light, 0.5), 14, 5)
    _oak_leaf(c, -64, -2, -46, 0.98, p.dark, p.sky)
    _oak_leaf(c, 70, -18, 42, 0.86, p.mid, p.light)
    nut = c.placed(8, 20, 1.06)
    nut.path("M-54,-12 C-54,52 -20,88 0,106 C20,88 54,52 54,-12 Z", "#c98239")
    nut.path("M14,-12 H54 C54,52 20,88 0,106 C20,70 22,30 14,-12 Z", "#a5632a")
    nut.path("M-36,0 C-34,30 -28,48 -18,62 C-22,40 -26,20 -24,0 Z", "#f0b56c")
    nut.path(
        "M-66,-10 C-66,-56 -34,-74 0,-74 C34,-74 66,-56 66,-10 C66,0 58,4 "
        "50,4 H-50 C-58,4 -66,0 -66,-10 Z",
        "#6b4426",
    )
    for row, y in enumerate((-50, -32, -14)):
        for x in range(-48 + 8 * (row % 2), 60, 22):
            if abs(x) < 34 + 12 * row:
                nut.disc(x, y, 6.5, "#946339")
    nut.line([(0, -72), (6, -98)], 12, "#6b4426")


def tree_rings(c: Canvas, p: Palette) -> None:
    c.disc(0, 0, 300, p.mid)
    for x, y, turn in (
        (-120, 120, -50),
        (122, 122, 48),
        (-122, -60, -130),
        (124, -70, 130),
    ):
        leaf(c, x, y, turn, 0.8, p.dark)
    points = []
    for step in range(120):
        angle = math.radians(step * 3)
        reach = 1 + 0.035 * math.sin(angle * 5 + 1) + 0.03 * math.sin(angle * 3)
        points.append((reach * math.cos(angle), reach * math.sin(angle)))
    tones = (
        "#4c3020",
        "#e9c48e",
        "#c98f52",
        "#f0d3a2",
        "#c98f52",
        "#f0d3a2",
        "#c98f52",
        "#f0d3a2",
        "#b9793f",
    )
    for size, tone in zip((122, 106, 92, 85, 66, 60, 42, 36, 16), tones, strict=True):
        c.shape(moved(points, (4 - size / 20, -4 + size / 24), size), tone)
    c.shape([(0, 0), (108, 40), (116, 14)], "#4c3020")
    c.line([(0, 0), (-58, -54)], 5, "#b9793f")


def toadstool(c: Canvas, p: Palette) -> None:
    ground(c, 76, p.mid, 30, 30)
    ground(c, 104, p.dark, 20, -50)
    for x, y, size in ((66, 46, 0.62), (-26, 18, 1.1)):
        cap = c.placed(x, y, size)
        cap.path("M-26,-20 C-22,30 -34,60 -38,84 H38 C34,60 22,30 26,-20 Z", CREAM)
        cap.path("M6,-20 H26 C22,30 34,60 38,84 H12 C14,50 10,20 6,-20 Z", "#e6d3ae")
        cap.path("M-48,10 C-20,24 20,24 48,10 C40,34 -40,34 -48,10 Z", WHITE)
        cap.path(
            "M-104,-8 C-100,-80 -48,-112 0,-112 C48,-112 100,-80 104,-8 "
            "C80,10 -80,10 -104,-8 Z",
            "#d9433c",
        )
        cap.path(
            "M40,-102 C76,-90 100,-60 104,-8 C94,-2 80,2 62,4 C82,-30 70,-76 40,-102 Z",
            "#a92f35",
        )
        cap.path("M-104,-8 C-60,-22 60,-22 104,-8 C80,10 -80,10 -104,-8 Z", "#f2dcb4")
        for dx, dy, rx in (
            (-50, -62, 17),
            (4, -84, 14),
            (18, -44, 19),
            (64, -50, 13),
            (-18, -34, 10),
            (-74, -30, 9),
        ):
            cap.oval(dx, dy, rx, rx * 0.82, CREAM)
    for x in (-112, -96, -80, 104, 118):
        c.line([(x, 116), (x + (8 if x < 0 else -6), 80)], 6, p.deep)


def bumblebee(c: Canvas, p: Palette) -> None:
    c.path("M-200,40 C-120,10 -60,60 200,-10 V220 H-200 Z", p.mid)
    for x, y in ((-92, 96), (84, 104)):
        for petal in range(7):
            place = moved([(0, -25)], (x, y), 1, petal * 360 / 7)[0]
            c.disc(*place, 16, "#e77fb0")
        c.disc(x, y, 18, p.accent)
    c.stroke("M-128,-70 C-96,-110 -70,-50 -44,-86", 5, p.deep)
    bee = c.placed(10, -10, 1.08)
    for turn, rx in ((-24, 58), (20, 48)):
        bee.oval(-6 + turn, -62, 30, rx, ("#ffffff", 0.86), turn)
        bee.line(moved([(0, 44), (0, -30)], (-6 + turn, -62), 1, turn), 4, p.sky)
    body = (
        "M-84,6 C-84,-36 -40,-54 6,-54 C56,-54 84,-30 84,6 C84,40 54,62 4,62 "
        "C-44,62 -84,44 -84,6 Z"
    )
    bee.path(body, INK)
    bee.path(
        "M-50,-40 C-36,-48 -24,-51 -12,-53 C-26,-14 -26,24 -12,62 C-26,60 "
        "-40,56 -52,50 C-66,18 -66,-10 -50,-40 Z",
        p.accent,
    )
    bee.path(
        "M22,-53 C34,-51 44,-48 54,-43 C42,-10 42,20 54,50 C44,56 34,59 "
        "22,61 C8,22 8,-14 22,-53 Z",
        p.accent,
    )
    bee.path(
        "M68,-32 C80,-20 84,-6 84,6 C84,20 78,34 68,42 C58,18 58,-8 68,-32 Z", WHITE
    )
    bee.disc(-84, 0, 32, INK)
    bee.disc(-94, -8, 8, WHITE)
    for dx in (-14, 6):
        bee.stroke(
            f"M{-94 + dx * 0.6},-28 C{-100 + dx},-44 {-108 + dx},-50 {-116 + dx},-50",
            5,
            INK,
        )
    for x in (-36, -4, 28):
        bee.line([(x, 58), (x - 8, 76)], 6, INK)
