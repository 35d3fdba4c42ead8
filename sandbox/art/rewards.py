"""The emblems of the six levels, an oak's life, and the five things to unlock."""

from __future__ import annotations

from .canvas import Canvas, moved
from .palettes import CREAM, INK, Palette
from .shapes import glow, ground, gull, leaf, rays, sky_of_stars, sparkle

_BARK, _BARK_DARK = "#7a5030", "#573620"


def _soil(c: Canvas, p: Palette, y: float) -> None:
    rays(c, 0, y, (p.light, 0.6), 18, 5)
    ground(c, y, "#8a5a35", 14, 0)
    ground(c, y + 24, "#6b4426", 14, 40)
    for x, dy in ((-96, 34), (-40, 60), (70, 44), (110, 62), (20, 84)):
        c.oval(x, y + dy, 9, 6, "#a9794c")


def seed(c: Canvas, p: Palette) -> None:
    _soil(c, p, -20)
    c.path("M-46,10 C-46,66 -16,98 0,112 C16,98 46,66 46,10 Z", "#d39a54", (0, -26))
    c.path("M12,10 H46 C46,66 16,98 0,112 C18,80 20,44 12,10 Z", "#b07838", (0, -26))
    cup = "M-56,14 C-56,-26 -28,-42 0,-42 C28,-42 56,-26 56,14 C56,22 -56,22 -56,14 Z"
    c.path(cup, _BARK_DARK, (0, -28))
    for x, y in (
        (-30, -34),
        (-8, -34),
        (14, -34),
        (34, -30),
        (-20, -52),
        (4, -54),
        (24, -50),
    ):
        c.disc(x, y, 6, "#8f6238")
    c.line([(0, -68), (4, -92)], 10, _BARK_DARK)


def sprout(c: Canvas, p: Palette) -> None:
    _soil(c, p, 52)
    c.stroke("M0,70 C-8,30 8,10 0,-34", 12, p.mid)
    leaf(c, 0, -20, -52, 0.96, p.mid, p.light)
    leaf(c, 0, -26, 50, 1.04, p.dark, p.sky)
    leaf(c, 0, -28, -2, 0.6, p.mid)
    c.oval(0, 70, 24, 14, _BARK_DARK)


def sapling(c: Canvas, p: Palette) -> None:
    _soil(c, p, 76)
    c.stroke("M0,90 C-4,40 6,0 0,-60", 13, _BARK)
    c.line([(40, 92), (40, -10)], 8, "#c79255")
    c.line([(2, 22), (40, 18)], 7, p.accent)
    for x, y, turn, size in (
        (0, 24, -64, 0.66),
        (0, -4, 60, 0.74),
        (0, -28, -54, 0.8),
        (0, -46, 46, 0.74),
        (0, -54, -6, 0.72),
    ):
        leaf(c, x, y, turn, size, p.mid if turn < 0 else p.dark, p.light)


def oak(c: Canvas, p: Palette, wide: float, trunk: float, clumps) -> None:
    c.path(
        f"M{-trunk},96 C{-trunk * 0.5},60 {-trunk * 0.5},30 {-trunk * 0.6},-10 "
        f"H{trunk * 0.6} C{trunk * 0.5},30 {trunk * 0.5},60 {trunk},96 Z",
        _BARK,
    )
    c.path(
        f"M4,-10 H{trunk * 0.6} C{trunk * 0.5},30 {trunk * 0.5},60 {trunk},96 "
        f"H{trunk * 0.3} C8,60 10,30 4,-10 Z",
        _BARK_DARK,
    )
    for colour, dx, dy, shrink in (
        (p.deep, 0, 8, 1.0),
        (p.dark, 0, 0, 1.0),
        (p.mid, -9, -11, 0.72),
    ):
        for x, y, radius in clumps:
            c.disc(x * wide + dx, y + dy, radius * shrink, colour)
    for x, y, radius in clumps:
        c.disc(x * wide - radius * 0.3, y - radius * 0.42, radius * 0.2, p.sky)


def young_oak(c: Canvas, p: Palette) -> None:
    c.disc(0, -30, 118, p.light)
    ground(c, 78, p.mid, 12, 20)
    ground(c, 96, p.dark, 14, -40)
    oak(c, p, 0.8, 20, ((-44, -14, 36), (44, -14, 36), (0, -50, 50), (0, -8, 36)))


def great_oak(c: Canvas, p: Palette) -> None:
    c.disc(54, -66, 44, p.accent)
    gull(c, -86, -84, 0.5, p.dark, 6)
    gull(c, -112, -62, 0.36, p.dark, 5)
    ground(c, 78, p.mid, 12, 20)
    ground(c, 96, p.dark, 14, -40)
    clumps = (
        (-82, -6, 38),
        (82, -6, 38),
        (-48, -48, 46),
        (48, -48, 46),
        (0, -78, 48),
        (0, -20, 44),
    )
    oak(c, p, 1, 32, clumps)


def ancient_oak(c: Canvas, p: Palette) -> None:
    rays(c, 0, 0, ("#fff1c9", 0.75), 20, 5)
    glow(c, 0, -26, 86, p.accent, 2)
    ground(c, 76, p.mid, 12, 20)
    ground(c, 94, p.dark, 14, -40)
    clumps = (
        (-104, -2, 38),
        (104, -2, 38),
        (-72, -48, 46),
        (72, -48, 46),
        (-28, -86, 46),
        (30, -86, 46),
        (0, -34, 54),
    )
    oak(c, p, 1, 46, clumps)
    c.path("M-17,96 C-20,52 20,52 17,96 Z", INK)
    for x, y in (
        (-84, -14),
        (-52, -62),
        (-12, -88),
        (40, -76),
        (84, -26),
        (12, -30),
        (-34, -26),
        (60, -30),
    ):
        c.disc(x, y, 8, p.accent)


def gramophone(c: Canvas, p: Palette) -> None:
    c.disc(10, -50, 130, p.light)
    ground(c, 108, p.mid, 0)
    c.box(-88, 62, 150, 54, _BARK, 8)
    c.box(-88, 62, 150, 14, "#a8744a", 6)
    c.box(-100, 112, 174, 18, _BARK_DARK, 6)
    c.oval(-16, 60, 66, 14, INK)
    c.oval(-16, 57, 20, 5, p.accent)
    c.stroke("M-60,52 C-70,0 -30,6 -12,-14", 13, "#c98a1b")
    c.path("M-22,-6 C10,-30 20,-70 18,-124 L124,-20 C80,-20 30,-20 -6,10 Z", "#f4be3d")
    c.path("M-6,10 C30,-20 80,-20 124,-20 L98,-46 C70,-40 20,-30 -14,2 Z", "#c98a1b")
    c.oval(71, -72, 76, 30, "#ffe08a", 45)
    c.oval(73, -74, 58, 19, "#8a5a14", 45)
    for x, y in ((-78, -62), (-44, -112)):
        c.oval(x, y, 14, 11, p.deep, -20)
        c.line([(x + 12, y - 3), (x + 12, y - 48)], 6, p.deep)
        c.line([(x + 12, y - 48), (x + 30, y - 38)], 8, p.deep)


def tide_tables(c: Canvas, p: Palette) -> None:
    c.shape(moved([(-300, -300), (300, -300), (300, 300), (-300, 300)]), p.mid)
    c.box(-96, -110, 196, 250, (p.deep, 0.4), 12)
    c.box(-102, -118, 196, 250, CREAM, 12)
    c.box(-102, -118, 196, 56, p.accent, 12)
    c.box(-102, -84, 196, 22, p.accent)
    for x in (-58, 50):
        c.line([(x, -134), (x, -100)], 12, p.deep)
    c.disc(-4, -90, 15, CREAM)
    c.disc(4, -94, 13, p.accent)
    c.stroke(
        "M-88,40 C-66,-60 -40,-60 -18,16 C2,84 28,84 48,4 C56,-26 66,-40 80,-46",
        10,
        p.dark,
    )
    for x in (-60, -4, 52):
        c.line([(x, -46), (x, 66)], 3, p.sky)
    c.line([(-88, 16), (80, 16)], 3, p.sky)
    for row in (88, 108):
        for x in (-82, -30, 22):
            c.line([(x, row), (x + 34, row)], 7, p.sky)
    c.disc(-53, -44, 10, p.accent)
    c.disc(24, 66, 10, p.accent)


def lantern(c: Canvas, p: Palette) -> None:
    c.shape(moved([(-300, -300), (300, -300), (300, 300), (-300, 300)]), "#23264f")
    sky_of_stars(
        c,
        "#ffe9b0",
        (
            (-104, -60, 5),
            (-60, -130, 4),
            (96, -110, 5),
            (116, -30, 4),
            (-126, 10, 4),
            (30, -170, 4),
        ),
    )
    ground(c, 110, "#15183a", 20, 30)
    for x, height in ((-140, 130), (-108, 90), (116, 110), (146, 150)):
        c.shape([(x - 26, 150), (x + 26, 150), (x, 120 - height)], "#15183a")
    for radius in (150, 120, 92):
        c.disc(0, 20, radius, ("#ffd24d", 0.2))
    c.stroke("M-44,-50 C-50,-130 50,-130 44,-50", 9, p.accent)
    c.path("M-56,-40 C-50,-76 50,-76 56,-40 Z", p.dark)
    c.box(-64, -46, 128, 18, p.mid, 8)
    c.path("M-54,-28 H54 L62,88 H-62 Z", "#fff1c9")
    c.path(
        "M0,-14 C26,20 38,34 34,56 C32,76 16,84 0,84 C-16,84 -32,76 -34,56 "
        "C-38,34 -26,20 0,-14 Z",
        "#ff9f4a",
    )
    c.path(
        "M0,24 C14,44 20,52 18,64 C16,76 8,80 0,80 C-8,80 -16,76 -18,64 "
        "C-20,52 -14,44 0,24 Z",
        "#ffe08a",
    )
    for x in (-56, 56):
        c.line([(x, -28), (x * 1.12, 88)], 9, p.dark)
    c.box(-76, 86, 152, 24, p.dark, 8)
    c.box(-76, 86, 152, 9, p.mid, 4)


def warden_notebook(c: Canvas, p: Palette) -> None:
    rays(c, 0, 20, (p.light, 0.6), 16)
    c.box(-92, -112, 200, 254, (p.deep, 0.4), 16)
    c.box(-100, -120, 200, 254, p.dark, 16)
    c.box(-100, -120, 42, 254, p.deep, 12)
    c.box(84, -106, 16, 226, CREAM)
    c.box(-42, -96, 112, 84, CREAM, 8)
    leaf(c, 14, -24, 0, 0.58, p.mid, p.dark)
    leaf(c, 12, -24, -52, 0.46, p.mid)
    leaf(c, 16, -24, 52, 0.46, p.mid)
    c.box(52, -120, 20, 254, p.accent)
    c.disc(62, 34, 30, "#c98a1b")
    c.disc(62, 34, 22, "#f4be3d")
    c.disc(62, 28, 8, p.deep)
    c.shape([(58, 30), (66, 30), (70, 50), (54, 50)], p.deep)
    for y in (40, 64, 88):
        c.line([(-36, y), (18 if y < 88 else -6, y)], 7, p.mid)


def telescope(c: Canvas, p: Palette) -> None:
    c.shape(moved([(-300, -300), (300, -300), (300, 300), (-300, 300)]), p.dark)
    c.disc(20, 90, 180, p.mid)
    sky_of_stars(
        c,
        CREAM,
        (
            (-100, -50, 5),
            (-50, -130, 5),
            (10, -176, 4),
            (120, 20, 4),
            (-120, 20, 4),
            (-10, -90, 4),
        ),
    )
    c.disc(86, -118, 30, p.accent)
    c.disc(98, -126, 25, p.dark)
    ground(c, 120, p.deep, 14, 0)
    for x in (-62, 8, 66):
        c.line([(0, 22), (x, 150)], 11, _BARK)
    c.disc(0, 24, 20, _BARK_DARK)
    tube = c.placed(0, 0)
    for points, colour in (
        ([(-118, -17), (-78, -17), (-78, 17), (-118, 17)], "#8a5a14"),
        ([(-84, -24), (-10, -24), (-10, 24), (-84, 24)], "#c98a1b"),
        ([(-16, -31), (96, -31), (96, 31), (-16, 31)], "#f4be3d"),
        ([(-16, -31), (96, -31), (96, -14), (-16, -14)], "#ffe9a3"),
        ([(90, -39), (116, -39), (116, 39), (90, 39)], "#8a5a14"),
        ([(-24, -33), (-8, -33), (-8, 33), (-24, 33)], "#8a5a14"),
    ):
        tube.shape(moved(points, turn=-36), colour)
    sparkle(c, -104, -112, 24, CREAM)
