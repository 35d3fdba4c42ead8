"""The badges of "Night sky": stars, planets, the moon, and who is awake beneath."""

from __future__ import annotations

import math

from .canvas import Canvas, moved
from .palettes import CREAM, INK, WHITE, Palette
from .shapes import glow, ground, sky_of_stars, sparkle

_FEW = (
    (-104, -70, 5),
    (-70, -112, 4),
    (96, -88, 5),
    (118, -20, 4),
    (-122, 10, 4),
    (60, -124, 5),
    (-90, 60, 4),
    (104, 50, 4),
)


def _night(c: Canvas, p: Palette) -> None:
    c.shape(moved([(-300, -300), (300, -300), (300, 300), (-300, 300)]), p.dark)
    c.disc(0, 60, 190, p.mid)
    c.disc(0, 110, 160, p.sky)


def first_star(c: Canvas, p: Palette) -> None:
    _night(c, p)
    ground(c, 74, p.deep, 16, 30)
    for x, height in ((-112, 44), (-88, 62), (-64, 40), (80, 50), (104, 70)):
        c.shape([(x - 16, 90), (x + 16, 90), (x, 84 - height)], p.deep)
    sky_of_stars(c, CREAM, _FEW)
    glow(c, 0, -20, 42, p.accent, 3)
    sparkle(c, 0, -20, 96, p.accent)
    c.star(0, -20, 44, WHITE, points=4, inner=0.34, turn=-45)
    c.disc(0, -20, 17, WHITE)


def plough(c: Canvas, p: Palette) -> None:
    c.shape(moved([(-300, -300), (300, -300), (300, 300), (-300, 300)]), p.dark)
    c.path("M-220,-40 C-100,-120 20,20 220,-90 V10 C60,110 -80,0 -220,70 Z", p.mid)
    c.path(
        "M-220,-10 C-90,-80 10,50 220,-60 V-20 C60,80 -80,-30 -220,40 Z", (p.sky, 0.5)
    )
    sky_of_stars(
        c,
        p.light,
        (
            (-84, 74, 4),
            (20, 84, 4),
            (108, -96, 4),
            (-60, -110, 5),
            (60, 60, 4),
            (-4, -130, 4),
        ),
    )
    stars = [(-116, -62), (-74, -52), (-42, -24), (-2, 2), (6, 52), (86, 58), (98, 4)]
    c.line(stars, 5, p.light)
    c.line([stars[-1], stars[3]], 5, p.light)
    for index, (x, y) in enumerate(stars):
        c.disc(x, y, 19, (p.accent, 0.35))
        c.star(x, y, 17 if index != 3 else 13, p.accent, inner=0.5)


def observatory(c: Canvas, p: Palette) -> None:
    _night(c, p)
    c.path("M-260,-150 L260,-20 V40 L-260,-100 Z", (p.light, 0.25))
    sky_of_stars(c, CREAM, _FEW)
    ground(c, 56, p.deep, 14, 0)
    c.path("M-84,22 C-84,-80 84,-80 84,22 Z", "#e9e4f6")
    c.path("M26,-46 C64,-34 84,-10 84,22 H44 C46,0 40,-26 26,-46 Z", p.light)
    c.path("M-26,22 L10,-74 L46,-60 L16,22 Z", p.deep)
    c.line([(4, 6), (56, -104)], 30, p.accent)
    c.line([(36, -62), (56, -104)], 38, p.accent)
    c.line([(43, -102), (71, -90)], 10, CREAM)
    c.line([(12, 6), (60, -94)], 8, "#c98a1b")
    c.box(-92, 20, 184, 16, p.sky, 6)
    c.box(-78, 34, 156, 60, "#e9e4f6")
    c.box(40, 34, 38, 60, p.light)
    c.box(-16, 46, 32, 60, p.deep, 8)
    sparkle(c, 92, -128, 22, WHITE)


def moon(c: Canvas, p: Palette) -> None:
    c.shape(moved([(-300, -300), (300, -300), (300, 300), (-300, 300)]), p.dark)
    sky_of_stars(
        c,
        p.light,
        ((-118, -86, 5), (112, 84, 5), (-60, -140, 4), (134, -20, 4), (-140, 20, 4)),
    )
    glow(c, 0, -16, 86, p.sky, 2)
    c.disc(0, -16, 88, p.deep)
    c.path(
        "M34,-97 C84,-76 104,-16 76,30 C46,80 -20,88 -58,48 C-4,62 46,20 "
        "46,-28 C46,-56 44,-78 34,-97 Z",
        p.accent,
    )
    for x, y, r in ((58, -24, 10), (44, 20, 13), (8, 50, 8), (62, -56, 6)):
        c.disc(x, y, r, "#e5b95a")
    for index, x in enumerate((-100, -50, 0, 50, 100)):
        c.disc(x, 114, 17, p.deep)
        if index == 2:
            c.disc(x, 114, 14, CREAM)
        else:
            side = -1 if index > 2 else 1
            c.disc(x, 114, 14, CREAM)
            bite = (
                "M0,-14 C-19,-14 -19,14 0,14 C-9,8 -9,-8 0,-14 Z"
                if index in (0, 4)
                else "M0,-14 C-19,-14 -19,14 0,14 Z"
            )
            c.disc(x, 114, 14, p.mid)
            c.path(
                bite,
                CREAM,
                (x + (5 * side if index in (0, 4) else 0), 114),
                1,
                0,
                side > 0,
            )


def saturn(c: Canvas, p: Palette) -> None:
    c.shape(moved([(-300, -300), (300, -300), (300, 300), (-300, 300)]), p.deep)
    c.disc(-120, -120, 150, p.dark)
    sky_of_stars(c, p.light, (*_FEW, (0, 126, 5), (-40, 138, 4)))
    for across, down, colour in (
        (150, 44, "#c9a26a"),
        (134, 37, "#f4d9a0"),
        (116, 30, "#a97d4a"),
        (106, 26, "#f4d9a0"),
        (92, 20, p.deep),
    ):
        c.oval(0, 0, across, down, colour, -18)
    c.disc(0, 0, 76, "#e9a860")
    band = [
        ("M-75,-14 C-40,-2 40,-2 75,-14 L76,4 C40,18 -40,18 -76,4 Z", "#f4c987"),
        ("M-70,26 C-36,40 36,40 70,26 L60,46 C30,56 -30,56 -60,46 Z", "#cf8748"),
        (
            "M-62,-44 C-30,-34 30,-34 62,-44 L70,-28 C36,-18 -36,-18 -70,-28 Z",
            "#cf8748",
        ),
    ]
    for shape, colour in band:
        c.path(shape, colour, turn=-18)
    c.path(
        "M40,-65 C74,-46 88,0 62,44 C46,66 24,76 0,76 C44,50 60,-10 40,-65 Z",
        (INK, 0.22),
    )
    for across, down, width, colour in (
        (142, 40, 13, "#f4d9a0"),
        (121, 32, 5, "#a97d4a"),
        (108, 27, 10, "#f4d9a0"),
    ):
        arc = [
            (across * math.cos(math.radians(t)), down * math.sin(math.radians(t)))
            for t in range(-8, 189, 4)
        ]
        c.line(moved(arc, turn=-18), width, colour)
    c.disc(104, -98, 13, p.light)


def meteor(c: Canvas, p: Palette) -> None:
    _night(c, p)
    sky_of_stars(c, CREAM, _FEW)
    c.shape([(-44, 34), (150, -190), (196, -150), (-8, 70)], (p.accent, 0.28))
    c.shape([(-38, 40), (170, -180), (186, -164), (-14, 64)], (p.accent, 0.6))
    c.shape([(-30, 46), (176, -176), (182, -170), (-22, 56)], WHITE)
    c.disc(-28, 52, 36, (p.accent, 0.5))
    c.star(-28, 52, 46, p.accent, inner=0.5, turn=-50)
    c.star(-28, 52, 25, WHITE, inner=0.5, turn=-50)
    for x, y, length in ((-92, -40, 44), (64, 62, 38)):
        c.line([(x, y), (x + length, y - length * 1.07)], 6, p.light)
        c.disc(x, y, 7, WHITE)
    ground(c, 112, p.deep, 26, -40)
    for x, height in ((-120, 40), (-96, 58), (96, 54), (120, 36), (76, 34)):
        c.shape([(x - 16, 140), (x + 16, 140), (x, 116 - height)], p.deep)


def moth(c: Canvas, p: Palette) -> None:
    c.shape(moved([(-300, -300), (300, -300), (300, 300), (-300, 300)]), p.deep)
    c.disc(0, -46, 124, p.dark)
    c.disc(0, -46, 98, "#ffe9b0")
    for x, y, r in ((-40, -92, 12), (44, -104, 9), (62, -72, 13), (-64, -58, 8)):
        c.disc(x, y, r, "#f3d38a")
    sky_of_stars(
        c,
        p.light,
        ((-130, 40, 5), (128, 60, 4), (-140, -110, 4), (144, -90, 4), (0, 150, 5)),
    )
    m = c.placed(0, 20, 1.06)
    for side in (-1, 1):
        f = side < 0
        m.path("M6,10 C40,20 88,40 82,84 C74,112 30,104 8,48 Z", "#8c6a9e", flip=f)
        m.path("M14,26 C40,34 66,50 64,76 C56,88 30,80 14,44 Z", "#b692c4", flip=f)
        m.path(
            "M4,-26 C40,-76 110,-96 138,-78 C142,-30 96,26 8,32 Z", "#5e4a86", flip=f
        )
        m.path(
            "M20,-28 C54,-62 98,-76 122,-66 C122,-34 84,6 22,14 Z", "#7d68ab", flip=f
        )
        m.disc(76 * side, -38, 19, p.accent)
        m.disc(76 * side, -38, 11, INK)
        m.disc(80 * side, -42, 4, WHITE)
        m.disc(44 * side, 62, 10, p.accent)
        m.disc(44 * side, 62, 5, INK)
        m.stroke("M98,-74 C112,-56 112,-34 100,-14", 6, p.light, flip=f)
        m.stroke("M6,-44 C14,-70 30,-86 48,-92", 5, INK, flip=f)
        for dx, dy in ((14, -62), (24, -76), (36, -86)):
            m.line([(dx * side, dy), ((dx - 9) * side, dy - 10)], 4, INK)
    m.oval(0, 12, 16, 56, "#3a2c58")
    m.oval(0, -34, 15, 15, "#5e4a86")
    for y in (8, 26, 44):
        m.line([(-11, y), (11, y)], 6, "#7d68ab")
