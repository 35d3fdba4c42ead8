"""The badges of "Setting out": boots, paths, weather and good habits."""

from __future__ import annotations

import math

from .canvas import Canvas, moved
from .palettes import CREAM, INK, WHITE, Palette
from .shapes import cloud, glow, ground, gull, leaf, rays, sparkle

_SOLE = (
    "M-4,-104 C34,-104 48,-66 44,-30 C42,-8 32,6 32,24 H-34 "
    "C-34,2 -48,-14 -48,-44 C-48,-80 -32,-104 -4,-104 Z"
)


def footprint(c: Canvas, p: Palette) -> None:
    c.shape(moved([(-300, -300), (300, -300), (300, 300), (-300, 300)]), p.light)
    ground(c, 30, p.sky, 26, -60)
    ground(c, 70, p.mid, 40, 80)
    for x, y, turn, size, colour in (
        (-52, 2, -14, 0.86, p.dark),
        (56, -6, 12, 0.86, p.deep),
    ):
        c.path(_SOLE, colour, (x, y), size, turn)
        heel = moved([(-33, 36), (31, 36), (29, 66), (18, 80), (-20, 80), (-31, 66)])
        c.shape(moved(heel, (x, y), size, turn), colour)
        for row in (-82, -62, -42, -22, -2):
            half = 25 if row > -70 else 15
            bar = moved([(-half, row), (0, row - 9), (half, row)], (x, y), size, turn)
            c.line(bar, 6, p.light)
        c.line(moved([(-18, 58), (18, 58)], (x, y), size, turn), 6, p.light)


def boot(c: Canvas, p: Palette) -> None:
    c.disc(0, -10, 132, p.light)
    rays(c, 0, -10, (p.accent, 0.45), 14)
    ground(c, 68, p.mid, 22, 0)
    upper = (
        "M-64,-104 H28 C34,-70 30,-44 40,-24 C62,-8 104,-6 108,34 "
        "L108,54 H-74 C-80,0 -58,-40 -64,-104 Z"
    )
    c.path(upper, p.dark)
    c.path(
        "M-64,-104 H-10 C-14,-40 -30,0 -30,54 H-74 C-80,0 -58,-40 -64,-104 Z", p.deep
    )
    c.path("M70,0 C94,6 107,16 108,40 H60 C56,24 60,10 70,0 Z", p.mid)
    c.box(-72, -116, 108, 26, p.accent, 12)
    c.path("M-80,52 H114 V72 C114,80 108,84 100,84 H-68 C-76,84 -80,80 -80,72 Z", INK)
    for x in range(-66, 110, 28):
        c.box(x, 78, 16, 14, INK, 4)
    for y, x in ((-66, 18), (-42, 20), (-18, 28)):
        c.line([(x - 30, y + 6), (x + 10, y - 4)], 7, p.light)
        c.disc(x + 10, y - 4, 6, p.accent)


def winding_path(c: Canvas, p: Palette) -> None:
    glow(c, 40, -62, 40, p.accent)
    c.disc(40, -62, 40, CREAM)
    c.path("M-220,60 L-96,-62 L-44,-6 L30,-92 L120,12 L150,-22 L240,60 Z", p.mid)
    c.path("M30,-92 L120,12 L64,30 L44,-20 Z", p.dark)
    c.path("M-96,-62 L-44,-6 L-70,26 L-90,-10 Z", p.dark)
    c.path("M30,-92 L56,-62 L38,-54 L28,-64 L12,-70 Z", CREAM)
    ground(c, 18, p.dark, 20, 40)
    ground(c, 48, p.deep, 24, -40)
    c.path(
        "M-30,130 C40,100 110,84 66,58 C34,40 -34,48 -32,26 C-32,12 0,8 22,6 "
        "C6,14 -6,18 -2,26 C12,42 92,36 116,62 C140,92 96,110 74,130 Z",
        p.light,
    )
    c.line([(30, -92), (30, -132)], 6, p.deep)
    c.path("M32,-132 L76,-120 L32,-106 Z", p.accent)


def sun(c: Canvas, p: Palette) -> None:
    c.disc(0, 0, 300, p.mid)
    rays(c, 0, 0, (p.sky, 0.75), 16, 6)
    for ray in range(16):
        angle = 360 * ray / 16
        length = 128 if ray % 2 else 112
        beam = moved([(-11, -84), (11, -84), (0, -length)], (0, 0), 1, angle)
        c.shape(beam, p.accent)
    c.disc(0, 0, 76, p.accent)
    c.disc(0, 0, 62, CREAM)
    c.path(
        "M62,0 C62,34 34,62 0,62 C30,50 44,30 44,0 C44,-30 30,-50 0,-62 "
        "C34,-62 62,-34 62,0 Z",
        p.light,
    )
    ground(c, 112, p.dark, 26, -30)
    ground(c, 134, p.deep, 26, 60)
    for turn in (-30, 0, 30):
        leaf(c, 0, 46, turn, 0.74, p.dark if turn else p.mid, CREAM)


def four_seasons(c: Canvas, p: Palette) -> None:
    quarters = (("#bfe3a2", -135), ("#ffd765", -45), ("#e88147", 45), ("#cfe6f2", 135))
    for colour, middle in quarters:
        wedge = [(0.0, 0.0)] + [
            (
                260 * math.cos(math.radians(middle + step)),
                260 * math.sin(math.radians(middle + step)),
            )
            for step in range(-45, 46, 5)
        ]
        c.shape(wedge, colour)
    for petal in range(5):
        place = moved([(0, -20)], (-70, -68), 1, petal * 72)[0]
        c.disc(*place, 17, WHITE)
    c.disc(-70, -68, 12, "#f2a33c")
    c.disc(70, -68, 27, CREAM)
    for ray in range(10):
        beam = moved([(0, -36), (0, -48)], (70, -68), 1, ray * 36)
        c.line(beam, 8, CREAM)
    leaf(c, 44, 104, 34, 0.86, p.dark, p.light)
    for arm in range(3):
        for side in (0, 180):
            turn = arm * 60 + side
            c.line(moved([(0, 0), (0, -44)], (-72, 72), 1, turn), 7, "#4a86a8")
            for bit in (-14, 14):
                tip = moved([(0, -24), (bit, -38)], (-72, 72), 1, turn)
                c.line(tip, 6, "#4a86a8")
    for turn in (0, 90):
        c.line(moved([(0, -260), (0, 260)], turn=turn), 9, p.deep)
    c.disc(0, 0, 25, p.deep)
    c.disc(0, 0, 14, p.accent)


def notebook(c: Canvas, p: Palette) -> None:
    rays(c, 0, 0, (p.light, 0.5), 12, 8)
    page = c.placed(-6, 2)
    cover = moved([(-84, -106), (74, -106), (74, 106), (-84, 106)], turn=-8)
    page.shape(moved(cover, (8, 9)), (p.deep, 0.45))
    page.shape(cover, p.dark)
    page.shape(moved([(-62, -94), (66, -94), (66, 94), (-62, 94)], turn=-8), CREAM)
    page.shape(
        moved([(-84, -106), (-56, -106), (-56, 106), (-84, 106)], turn=-8), p.deep
    )
    for y in range(-84, 100, 28):
        page.line(moved([(-92, y), (-64, y)], turn=-8), 8, p.accent)
    for y, end in ((-66, 44), (-44, 50), (54, 46), (74, 20)):
        page.line(moved([(-38, y), (end, y)], turn=-8), 6, p.sky)
    leaf(page, -20, 32, 32, 0.62, "#69a85c", "#2f6e4b")
    pencil = c.placed(68, 24)
    for points, colour in (
        ([(-13, -116), (13, -116), (13, 52), (-13, 52)], p.accent),
        ([(0, -116), (13, -116), (13, 52), (0, 52)], p.mid),
        ([(-13, 52), (13, 52), (0, 92)], CREAM),
        ([(-5, 77), (5, 77), (0, 92)], INK),
        ([(-13, -132), (13, -132), (13, -108), (-13, -108)], p.dark),
    ):
        pencil.shape(moved(points, turn=24), colour)


def hand_lens(c: Canvas, p: Palette) -> None:
    for x, y, turn in ((-112, 96, -40), (-58, 130, -10), (118, 128, 30)):
        leaf(c, x, y, turn, 1.1, p.mid)
    c.line([(48, 52), (112, 116)], 34, p.deep)
    c.line([(60, 64), (108, 112)], 16, p.dark)
    c.disc(-18, -22, 104, p.deep)
    c.disc(-18, -22, 92, p.accent)
    c.disc(-18, -22, 80, "#eaf6ee")
    leaf(c, -44, 44, 24, 1.34, "#69a85c", "#2f6e4b")
    for x, y in ((-28, -14), (-4, -34), (4, 2)):
        c.disc(x, y, 13, "#d9433c")
    c.oval(2, -30, 30, 23, "#d9433c", -30)
    c.disc(24, -44, 12, INK)
    c.line([(-22, -14), (26, -46)], 4, INK)
    for x, y in ((-8, -36), (6, -18), (10, -42), (-4, -20)):
        c.disc(x, y, 5, INK)
    c.stroke("M-84,-40 C-80,-66 -60,-86 -36,-90", 9, WHITE)


def compass(c: Canvas, p: Palette) -> None:
    c.disc(0, 0, 142, p.light)
    c.circle(0, 0, 126, 5, p.mid)
    for tick in range(32):
        inner = 112 if tick % 4 else 104
        c.line(moved([(0, -126), (0, -inner)], turn=tick * 11.25), 4, p.mid)
    for turn in (45, 135, 225, 315):
        for side, colour in ((-1, p.mid), (1, p.sky)):
            c.shape(moved([(0, 0), (side * 19, -19), (0, -86)], turn=turn), colour)
    for turn in (0, 90, 180, 270):
        dark, light = (p.dark, p.mid) if turn == 0 else (p.deep, p.dark)
        for side, colour in ((-1, light), (1, dark)):
            c.shape(moved([(0, 0), (side * 25, -25), (0, -120)], turn=turn), colour)
    c.disc(0, 0, 18, p.accent)
    c.disc(0, 0, 8, p.deep)


def hour_glass(c: Canvas, p: Palette) -> None:
    c.disc(0, -14, 124, p.light)
    c.path(
        "M-52,-92 H52 C52,-40 14,-30 12,-12 C14,6 52,16 52,68 H-52 C-52,16 "
        "-14,6 -12,-12 C-14,-30 -52,-40 -52,-92 Z",
        CREAM,
    )
    c.path("M-42,-62 H42 C36,-38 10,-30 8,-14 H-8 C-10,-30 -36,-38 -42,-62 Z", p.mid)
    c.path("M-44,66 C-40,36 -20,34 0,20 C20,34 40,36 44,66 Z", p.mid)
    c.line([(0, -16), (0, 30)], 5, p.mid)
    c.stroke("M-40,-84 C-38,-60 -22,-46 -16,-34", 7, WHITE)
    for y in (-106, 66):
        c.box(-68, y, 136, 22, p.dark, 9)
        c.box(-68, y, 136, 9, p.accent, 4)
    for x in (-60, 60):
        c.line([(x, -84), (x, 66)], 8, p.dark)


def afternoon(c: Canvas, p: Palette) -> None:
    glow(c, 0, 12, 58, p.accent)
    c.disc(0, 12, 58, CREAM)
    for x, y, size in ((-64, -64, 0.8), (74, -34, 0.62)):
        cloud(c, x, y, size, p.light)
    gull(c, 54, -86, 0.6, p.deep, 6)
    gull(c, 88, -66, 0.4, p.deep, 5)
    ground(c, 26, p.mid, 30, 90)
    ground(c, 50, p.dark, 30, -60)
    c.line([(-62, 60), (-62, -12)], 13, p.deep)
    for x, y, radius in ((-62, -38, 40), (-92, -14, 26), (-32, -14, 27), (-62, -8, 34)):
        c.disc(x, y, radius, "#3c7a4f")
    c.disc(-72, -46, 20, "#69a85c")
    c.line([(30, 72), (30, 96)], 8, p.deep)
    c.line([(88, 72), (88, 96)], 8, p.deep)
    for y in (46, 58, 72):
        c.line([(18, y), (100, y)], 8, p.accent)


def milk_bottle(c: Canvas, p: Palette) -> None:
    rays(c, 0, 92, (p.light, 0.75), 18)
    c.disc(0, 92, 90, p.accent)
    ground(c, 98, p.dark, 10, 0)
    for x, size in ((-44, 0.86), (34, 1.0)):
        bottle = c.placed(x, 112 - 100 * size, size)
        glass = (
            "M-22,-108 H22 V-74 C22,-52 44,-46 44,-14 V84 C44,94 38,100 28,100 H-28 "
            "C-38,100 -44,94 -44,84 V-14 C-44,-46 -22,-52 -22,-74 Z"
        )
        bottle.path(glass, p.deep, size=1.09)
        bottle.path(glass, CREAM)
        bottle.path(
            "M-22,-86 H22 V-74 C22,-52 44,-46 44,-14 V-8 H-44 V-14 C-44,-46 "
            "-22,-52 -22,-74 Z",
            WHITE,
        )
        bottle.box(18, -8, 15, 92, p.light, 7)
        bottle.box(-27, -122, 54, 26, p.mid, 8)
        bottle.box(-27, -122, 54, 10, p.accent, 5)
    sparkle(c, 96, -76, 20, CREAM)
    sparkle(c, -98, -54, 14, CREAM)
    sparkle(c, -40, -116, 11, CREAM)
