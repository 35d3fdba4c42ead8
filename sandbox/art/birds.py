"""The badges of "Birds": feathers, songs, nests, and the school's own lapwing."""

from __future__ import annotations

from .canvas import Canvas, moved
from .palettes import CREAM, INK, WHITE, Palette
from .shapes import cloud, ground, leaf, rays, sparkle, twig


def feather(c: Canvas, p: Palette) -> None:
    c.disc(-40, -70, 84, p.light)
    cloud(c, 80, 70, 0.9, p.light)
    quill = c.placed(0, -14)
    vane = (
        "M8,96 C-46,70 -62,6 -40,-46 C-26,-82 0,-104 22,-118 C44,-84 56,-40 48,8 "
        "C42,48 28,78 8,96 Z"
    )
    quill.path(vane, p.dark, turn=24)
    quill.path(
        "M8,96 C28,78 42,48 48,8 C56,-40 44,-84 22,-118 C26,-40 18,30 8,96 Z",
        p.mid,
        turn=24,
    )
    for start, end in (
        ((-50, 20), (10, 52)),
        ((-46, -10), (12, 22)),
        ((-38, -42), (15, -8)),
    ):
        quill.line(moved([start, end], turn=24), 6, p.sky)
    for start, end in (
        ((52, 4), (12, 44)),
        ((53, -28), (15, 12)),
        ((48, -60), (17, -22)),
    ):
        quill.line(moved([start, end], turn=24), 6, p.light)
    quill.line(moved([(4, 128), (9, 90), (18, 0), (22, -96)], turn=24), 7, CREAM)
    quill.path("M-56,30 L-30,18 L-46,52 Z", p.sky, turn=24)


def listening(c: Canvas, p: Palette) -> None:
    for radius in (150, 122, 94):
        c.circle(14, -22, radius, 10, (p.light, 0.8))
    small_bird(c.placed(-10, -4, 1.08), "#8a5a3c", "#f2d9b1", p.accent, singing=True)
    twig(c, [(-170, 72), (-60, 66), (50, 74), (170, 54)], 15, "#5a3a28")
    for x, y, turn in ((-110, 66, -30), (104, 60, 24), (70, 76, 130)):
        leaf(c, x, y, turn, 0.5, "#69a85c", "#2f6e4b")
    for x, y in ((92, -66), (122, -26)):
        c.oval(x, y, 14, 11, INK, -20)
        c.line([(x + 12, y - 3), (x + 12, y - 46)], 5, INK)
        c.line([(x + 12, y - 46), (x + 28, y - 36)], 7, INK)


def small_bird(c: Canvas, back, belly, breast, singing=False) -> None:
    c.path("M-46,20 L-128,58 L-118,30 L-60,-8 Z", INK)
    c.path(
        "M-62,28 C-76,-30 -40,-62 -4,-66 C6,-96 58,-98 68,-58 C76,-22 66,50 "
        "10,62 C-20,68 -50,58 -62,28 Z",
        back,
    )
    c.path(
        "M66,-48 C76,-14 62,50 10,62 C-8,66 -24,62 -36,56 C8,44 22,0 30,-42 Z", belly
    )
    c.path("M68,-52 C76,-20 68,2 54,20 C26,12 20,-22 34,-54 Z", breast)
    c.path("M-74,30 C-70,-16 -30,-30 2,-10 C0,24 -40,42 -74,30 Z", INK)
    c.path("M-62,24 C-54,-2 -28,-14 -6,-4 C-10,14 -36,28 -62,24 Z", back)
    if singing:
        c.path("M64,-70 L104,-86 L68,-56 Z", "#f2b13a")
        c.path("M66,-56 L98,-44 L64,-46 Z", "#d98e22")
    else:
        c.path("M66,-70 L104,-58 L66,-48 Z", "#f2b13a")
    c.disc(40, -64, 10, INK)
    c.disc(43, -67, 3.5, WHITE)
    for x in (-6, 22):
        c.line([(x, 60), (x - 2, 80)], 6, INK)


def dawn_chorus(c: Canvas, p: Palette) -> None:
    c.shape(moved([(-300, -300), (300, -300), (300, 300), (-300, 300)]), "#ffcf86")
    rays(c, 0, 70, ("#fff1c9", 0.8), 18, 5)
    c.disc(0, 70, 92, p.accent)
    c.disc(0, 70, 74, "#ffb05c")
    ground(c, 82, p.dark, 16, 0)
    small_bird(c.placed(-2, -22, 0.98), p.dark, CREAM, p.mid, singing=True)
    twig(c, [(-180, 62), (-60, 54), (60, 62), (190, 44)], 14, p.deep)
    for x, y, turn in ((-118, 58, -24), (112, 54, 30)):
        leaf(c, x, y, turn, 0.52, "#69a85c", "#2f6e4b")
    for x, y in ((-104, -44), (-78, -92)):
        c.oval(x, y, 13, 10, p.deep, -20)
        c.line([(x + 11, y - 3), (x + 11, y - 42)], 5, p.deep)
        c.line([(x + 11, y - 42), (x + 26, y - 34)], 7, p.deep)


def nest(c: Canvas, p: Palette) -> None:
    for x, y, turn in (
        (-128, -20, -60),
        (-96, -84, -24),
        (126, -20, 60),
        (98, -84, 24),
        (-40, -112, -10),
        (44, -112, 12),
    ):
        leaf(c, x, y, turn, 0.9, "#69a85c", "#2f6e4b")
    c.path("M-124,6 C-110,120 110,120 124,6 Z", "#6b4426")
    for x, turn in ((-48, -16), (46, 16), (0, 0)):
        egg = (
            "M0,-50 C28,-50 42,-14 42,12 C42,38 24,54 0,54 C-24,54 -42,38 -42,12 "
            "C-42,-14 -28,-50 0,-50 Z"
        )
        c.path(egg, p.light if x else WHITE, (x, 4 if x else -6), 1, turn)
        for dx, dy in ((-14, -20), (10, -28), (16, -4), (-4, -8), (-22, 2)):
            spot = moved([(dx, dy)], (x, 4 if x else -6), 1, turn)[0]
            c.disc(*spot, 5, p.mid)
    c.path("M-130,4 C-60,34 60,34 130,4 C128,110 -128,110 -130,4 Z", "#8f5f36")
    straws = (
        "M-118,24 C-60,60 40,54 116,26",
        "M-104,52 C-40,84 60,76 108,46",
        "M-80,78 C-20,98 50,92 86,72",
        "M-122,16 C-70,84 0,94 70,82",
        "M122,14 C80,78 10,92 -66,84",
    )
    for index, straw in enumerate(straws):
        c.stroke(straw, 7, "#c79255" if index % 2 else "#6b4426")
    for x, y, end in ((-128, 10, -152), (124, 14, 150), (96, 62, 128)):
        c.line([(x, y), (end, y - 12)], 6, "#c79255")


def owl(c: Canvas, p: Palette) -> None:
    c.shape(moved([(-300, -300), (300, -300), (300, 300), (-300, 300)]), p.deep)
    c.disc(60, -84, 92, p.dark)
    c.disc(60, -84, 66, "#ffe9b0")
    for x, y in ((-110, -96), (-84, -140), (-128, -30), (132, 30), (20, -178)):
        sparkle(c, x, y, 10, "#ffe9b0")
    owl_ = c.placed(-6, 26, 1.06)
    owl_.path(
        "M-76,-58 C-84,-100 -70,-112 -62,-122 C-40,-104 40,-104 62,-122 "
        "C70,-112 84,-100 76,-58 C96,10 84,110 0,120 C-84,110 -96,10 -76,-58 "
        "Z",
        "#b98250",
    )
    owl_.path(
        "M-46,10 C-46,86 -20,110 0,112 C20,110 46,86 46,10 C20,24 -20,24 -46,10 Z",
        "#f0d9b0",
    )
    for row, y in enumerate((34, 56, 78)):
        for x in range(-28 + 10 * (row % 2), 32, 20):
            owl_.path("M-7,0 L0,12 L7,0 Z", "#b98250", (x, y))
    for side in (-1, 1):
        owl_.path(
            "M76,-40 C104,10 92,84 48,108 C66,60 60,0 76,-40 Z",
            "#7d5230",
            flip=side < 0,
        )
        owl_.disc(34 * side, -46, 42, "#f7e8c9")
        owl_.disc(34 * side, -46, 27, p.accent)
        owl_.disc(33 * side, -46, 17, INK)
        owl_.disc(33 * side + 6, -53, 6, WHITE)
        owl_.line([(14 * side, 114), (14 * side, 124)], 10, "#f2b13a")
        owl_.line([(34 * side, 112), (34 * side, 122)], 10, "#f2b13a")
    owl_.path("M-12,-34 L12,-34 L0,-4 Z", "#f2b13a")
    twig(c, [(-210, 166), (-60, 158), (60, 166), (210, 150)], 22, "#4a2f20")


def swifts(c: Canvas, p: Palette) -> None:
    c.disc(66, -96, 62, CREAM)
    c.disc(66, -96, 48, "#ffd765")
    for x, y, size in ((-90, -60, 0.8), (86, 46, 1.0), (-70, 130, 1.1)):
        cloud(c, x, y, size, p.light)
    shape = (
        "M0,-46 C12,-46 16,-30 16,-14 C60,-28 106,-14 138,34 C100,10 60,6 18,22 "
        "C16,44 18,58 30,84 L4,56 L-4,56 L-30,84 C-18,58 -16,44 -18,22 C-60,6 "
        "-100,10 -138,34 C-106,-14 -60,-28 -16,-14 C-16,-30 -12,-46 0,-46 Z"
    )
    c.path(shape, p.deep, (-6, 10), 1.04, -28)
    c.path(
        "M0,-46 C12,-46 15,-34 14,-26 C6,-20 -6,-20 -14,-26 C-15,-34 -12,-46 0,-46 Z",
        CREAM,
        (-6, 10),
        1.04,
        -28,
    )
    c.path(shape, p.dark, (96, -2), 0.34, 20)
    c.path(shape, p.dark, (-100, 84), 0.4, -40)


def lapwing(c: Canvas, p: Palette) -> None:
    rays(c, 0, 0, (p.light, 0.55), 18, 5)
    stand_lapwing(c, p)


def stand_lapwing(c: Canvas, p: Palette) -> None:
    """The school's bird, with the grass it stands in."""
    ground(c, 116, "#69a85c", 20, 0)
    ground(c, 140, "#2f6e4b", 20, 40)
    c.line([(-8, 90), (-12, 140)], 8, p.accent)
    c.line([(24, 90), (28, 140)], 8, p.accent)
    bird = c.placed(-4, 14, 1.04)
    bird.path(
        "M-128,44 C-80,30 -60,-10 -16,-28 C20,-40 60,-30 66,10 C74,60 40,88 "
        "-4,88 C-40,88 -66,60 -128,44 Z",
        WHITE,
    )
    bird.path(
        "M-132,42 C-84,22 -60,-26 -4,-36 C24,-40 46,-30 50,-14 C30,40 -40,58 -132,42 Z",
        "#1f6b5a",
    )
    bird.path("M-110,38 C-70,24 -40,0 6,-12 C0,24 -50,44 -110,38 Z", "#7a4a86")
    bird.path("M-132,42 L-150,52 L-96,58 L-86,46 Z", INK)
    bird.path(
        "M10,-38 C2,-70 10,-104 44,-106 C72,-108 84,-86 78,-66 C90,-34 92,10 "
        "66,34 C30,30 14,0 10,-38 Z",
        INK,
    )
    bird.path("M18,-60 C28,-82 50,-84 62,-74 C52,-54 34,-46 16,-44 Z", WHITE)
    bird.path("M26,-98 C8,-118 -28,-132 -62,-128 C-38,-118 -10,-104 10,-82 Z", INK)
    bird.path("M30,-100 C18,-124 -6,-144 -30,-148 C-12,-132 6,-112 16,-88 Z", INK)
    bird.path("M74,-86 L110,-78 L76,-70 Z", INK)
    bird.disc(54, -86, 9, "#ffd765")
    bird.disc(55, -86, 5, INK)
    bird.path("M-60,64 C-40,84 -20,88 -4,88 L-40,96 Z", "#e2893f")
