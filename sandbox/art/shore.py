"""The badges of "Shore": tidelines, rock pools, shells, lights and letters at sea."""

from __future__ import annotations

import math

from .canvas import Canvas, moved, rounded, star_points
from .palettes import CREAM, INK, WHITE, Palette
from .shapes import cloud, glow, ground, gull, sparkle, waves


def tideline(c: Canvas, p: Palette) -> None:
    c.disc(58, -62, 34, CREAM)
    waves(c, -24, p.mid, 12, 20)
    waves(c, 6, p.dark, 12, 70)
    c.path("M-220,50 C-120,20 -60,74 20,44 C90,20 140,60 220,36 V240 H-220 Z", WHITE)
    c.path("M-220,62 C-120,34 -60,86 20,56 C90,32 140,72 220,48 V240 H-220 Z", p.light)
    gull(c, -54, -72, 0.9, p.deep, 7)
    gull(c, -10, -96, 0.55, p.deep, 6)
    arms = rounded(star_points(54, 5, 0.46, -100), 16)
    c.shape(moved(arms, (-44, 46), 1.1), p.dark)
    c.shape(moved(arms, (-46, 40), 1.1), p.accent)
    for arm in range(5):
        for reach in (14, 28, 41):
            spot = moved([(0, -reach)], (-46, 40), 1.1, -10 + 72 * arm)[0]
            c.disc(*spot, 5 - reach / 20, CREAM)
    for x, y in ((62, 70), (88, 84), (38, 92)):
        c.oval(x, y, 10, 6, p.sky)


def rock_pool(c: Canvas, p: Palette) -> None:
    c.shape(moved([(-300, -300), (300, -300), (300, 300), (-300, 300)]), "#5b6f78")
    for x, y, r, colour in (
        (-120, -100, 70, "#7c929a"),
        (120, -100, 80, "#6a8089"),
        (-140, 60, 60, "#495b63"),
        (150, 60, 60, "#495b63"),
        (0, -150, 60, "#8ba0a6"),
    ):
        c.disc(x, y, r, colour)
    pool = (
        "M-120,-30 C-110,-90 -30,-96 20,-84 C90,-80 136,-30 118,30 C104,90 "
        "20,104 -40,92 C-100,84 -130,30 -120,-30 Z"
    )
    c.path(pool, p.deep, (0, -6), 1.04)
    c.path(pool, p.mid, (0, -4), 0.98)
    c.path(pool, p.sky, (4, 4), 0.84)
    for x, y, size in ((-62, 40, 1.0), (70, 44, 0.8)):
        for turn in range(-75, 76, 25):
            tip = moved([(0, -52)], (x, y), size, turn)[0]
            c.line([(x, y), tip], 13 * size, "#d94f70")
            c.disc(*tip, 8 * size, "#ffb3c1")
        c.oval(x, y + 6, 34 * size, 20 * size, "#8f2547")
    fish = c.placed(8, -28, 0.8)
    fish.path("M-64,0 C-40,-42 30,-44 56,0 C30,44 -40,42 -64,0 Z", p.accent)
    fish.path("M-50,0 L-98,-32 C-90,-10 -90,10 -98,32 Z", p.accent)
    fish.path("M-24,-30 C-10,-10 -10,10 -24,30 L-40,22 C-30,8 -30,-8 -40,-22 Z", CREAM)
    fish.path("M8,-34 C20,-12 20,12 8,34 L-6,35 C6,12 6,-12 -6,-35 Z", CREAM)
    fish.disc(36, -8, 7, INK)
    for x, y, r in ((78, -42, 7), (88, -60, 5), (78, -74, 4)):
        c.circle(x, y, r, 3, WHITE)
    c.stroke("M-88,-34 C-80,-60 -50,-68 -24,-70", 7, WHITE)


def lighthouse(c: Canvas, p: Palette) -> None:
    c.shape(moved([(-300, -300), (300, -300), (300, 300), (-300, 300)]), p.dark)
    c.shape([(0, -78), (-260, -150), (-260, -30)], ("#ffe9b0", 0.55))
    c.shape([(0, -78), (260, -150), (260, -30)], ("#ffe9b0", 0.55))
    for x, y in ((-78, -120), (86, -128), (-110, 0), (112, 4), (40, -150), (-130, -60)):
        sparkle(c, x, y, 9, "#ffe9b0")
    waves(c, 66, p.mid, 12, 10)
    stand_lighthouse(c)
    waves(c, 96, p.deep, 10, 40)


def stand_lighthouse(c: Canvas) -> None:
    """A lighthouse on its rock."""
    c.path("M-96,150 C-90,70 -50,62 0,60 C54,62 96,76 104,150 Z", INK)
    tower = [(-28, -52), (28, -52), (44, 74), (-44, 74)]
    c.shape(tower, WHITE)
    for top, bottom in ((-26, 4), (36, 66)):
        left, right = 28 + (top + 52) * 0.127, 28 + (bottom + 52) * 0.127
        c.shape(
            [(-left, top), (left, top), (right, bottom), (-right, bottom)], "#d9433c"
        )
    c.shape([(10, -52), (28, -52), (44, 74), (18, 74)], (INK, 0.16))
    c.box(-38, -62, 76, 14, INK, 5)
    c.box(-22, -98, 44, 38, "#ffe08a", 4)
    c.line([(0, -98), (0, -62)], 5, INK)
    c.path("M-30,-96 C-26,-124 26,-124 30,-96 Z", "#d9433c")
    c.disc(0, -120, 7, INK)
    c.box(-8, 10, 16, 20, INK, 7)


def crab(c: Canvas, p: Palette) -> None:
    ground(c, 60, p.light, 20, 0)
    waves(c, -70, p.mid, 0)
    ground(c, 44, p.light, 24, 20)
    for side in (-1, 1):
        for y, reach, drop in ((30, 124, 46), (44, 116, 74), (54, 98, 98)):
            c.line(
                [
                    (52 * side, y),
                    (reach * side, y - 6),
                    ((reach + 10) * side, drop + 8),
                ],
                13,
                "#b8402f",
            )
        c.line([(66 * side, 6), (112 * side, -14), (104 * side, -52)], 19, "#d9583f")
        c.path(
            "M-30,26 C-52,-6 -36,-52 0,-56 C-14,-34 -12,-26 4,-10 C8,-34 "
            "20,-44 34,-44 C42,-10 24,26 -30,26 Z",
            "#e8694a",
            (100 * side, -66),
            0.94,
            0,
            side < 0,
        )
        c.line([(24 * side, -20), (28 * side, -56)], 8, "#b8402f")
        c.disc(28 * side, -62, 14, WHITE)
        c.disc(30 * side, -64, 7, INK)
    c.path(
        "M-92,14 C-88,-40 -40,-48 0,-48 C40,-48 88,-40 92,14 C92,66 44,84 "
        "0,84 C-44,84 -92,66 -92,14 Z",
        "#e8694a",
    )
    c.path(
        "M-92,20 C-80,58 80,58 92,20 C90,68 44,84 0,84 C-44,84 -90,68 -92,20 Z",
        "#c94b35",
    )
    for x, y, r in ((-44, -16, 9), (-18, -28, 6), (30, -22, 9), (54, -4, 6)):
        c.disc(x, y, r, "#ffa27f")
    c.stroke("M-26,34 C-12,48 12,48 26,34", 7, INK)


def shell(c: Canvas, p: Palette) -> None:
    ground(c, 70, p.light, 24, -30)
    for x, y in ((-104, 112), (-70, 126), (96, 118), (60, 134)):
        c.oval(x, y, 11, 7, p.mid)
    fan = [(0.0, 96.0)]
    for step in range(-60, 61, 2):
        angle = math.radians(step)
        reach = 184 + 11 * abs(math.cos(math.radians(step * 7.5)))
        fan.append((reach * math.sin(angle), 96 - reach * math.cos(angle)))
    c.path("M-54,60 H54 L40,112 H-40 Z", "#d9755f")
    c.shape(moved(fan, (0, 4), 1.05), "#d9755f")
    c.shape(fan, "#ffc2a8")
    for step in (-48, -24, 0, 24, 48):
        wedge = [(0.0, 96.0)]
        for turn in range(step - 6, step + 7, 2):
            angle = math.radians(turn)
            wedge.append((190 * math.sin(angle), 96 - 190 * math.cos(angle)))
        c.shape(wedge, "#ff9478")
    for reach, width in ((150, 6), (110, 6), (72, 5)):
        band = [
            (reach * math.sin(math.radians(t)), 96 - reach * math.cos(math.radians(t)))
            for t in range(-58, 59, 2)
        ]
        c.line(band, width, ("#ffffff", 0.5))
    c.path("M-44,66 L0,40 L44,66 L34,104 H-34 Z", "#ff9478")
    c.disc(0, 66, 12, WHITE)


def spring_tide(c: Canvas, p: Palette) -> None:
    c.shape(moved([(-300, -300), (300, -300), (300, 300), (-300, 300)]), p.deep)
    glow(c, 58, -78, 46, "#ffe9b0")
    c.disc(58, -78, 46, "#ffe9b0")
    for x, y, r in ((44, -90, 9), (72, -66, 12), (74, -98, 6)):
        c.disc(x, y, r, "#f0cf86")
    for x, y in ((-20, -130), (-70, -110), (-120, -50), (124, -20)):
        sparkle(c, x, y, 9, "#ffe9b0")
    c.path(
        "M-240,200 V40 C-190,60 -150,10 -120,-30 C-84,-76 -16,-86 20,-44 "
        "C-6,-52 -30,-40 -32,-14 C-34,26 10,60 70,54 C120,50 160,40 240,62 "
        "V200 Z",
        p.mid,
    )
    c.path(
        "M-240,200 V86 C-180,96 -136,50 -108,4 C-90,-28 -62,-48 -32,-14 "
        "C-34,26 10,60 70,54 C40,76 -40,84 -66,30 C-80,90 -20,130 60,112 "
        "C130,98 180,90 240,108 V200 Z",
        p.dark,
    )
    c.stroke("M-190,44 C-160,30 -142,6 -120,-24 C-88,-68 -24,-78 12,-46", 11, WHITE)
    for x, y, r in (
        (26, -34, 12),
        (40, -16, 8),
        (12, -22, 8),
        (56, -32, 6),
        (4, -60, 9),
    ):
        c.disc(x, y, r, WHITE)
    waves(c, 124, p.sky, 12, 0)


def bottle(c: Canvas, p: Palette) -> None:
    c.disc(-70, -74, 44, CREAM)
    cloud(c, 74, -76, 0.8, p.light)
    waves(c, 20, p.mid, 12, 30)
    glass = c.placed(6, 10, 1.06)
    body = (
        "M-36,-18 C-36,-36 -22,-44 -16,-60 V-112 H16 V-60 C22,-44 36,-36 36,-18 "
        "V84 C36,98 28,104 16,104 H-16 C-28,104 -36,98 -36,84 Z"
    )
    glass.path(body, p.deep, turn=38, size=1.14)
    glass.path(body, "#c9efe2", turn=38)
    scroll = moved([(-20, -14), (20, -14), (20, 78), (-20, 78)], turn=38)
    glass.shape(scroll, CREAM)
    for y in (4, 20, 36, 52):
        glass.line(moved([(-11, y), (11 if y < 50 else 2, y)], turn=38), 5, p.dark)
    glass.line(moved([(-20, 30), (20, 30)], turn=38), 9, p.accent)
    glass.shape(
        moved([(-14, -134), (14, -134), (16, -100), (-16, -100)], turn=38), "#b98250"
    )
    glass.line(moved([(-26, -12), (-26, 74)], turn=38), 6, WHITE)
    waves(c, 64, p.dark, 13, 60)
    waves(c, 96, p.deep, 12, 0)
