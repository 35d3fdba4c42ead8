"""The pictures above the lessons: one landscape for each subject, and the school's."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from .birds import small_bird, stand_lapwing
from .canvas import Canvas
from .palettes import BIRDS, CREAM, HEDGEROW, INK, NIGHT, SETTING_OUT, SHORE
from .rewards import oak
from .shapes import (
    cloud,
    glow,
    ground,
    gull,
    leaf,
    rays,
    sky_of_stars,
    sparkle,
    twig,
    waves,
)
from .shore import stand_lighthouse

WIDTH, HEIGHT = 1280, 560
_OAK_CLUMPS = (
    (-82, -6, 38),
    (82, -6, 38),
    (-48, -48, 46),
    (48, -48, 46),
    (0, -78, 48),
    (0, -20, 44),
)


def _blank(sky: str) -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, scale=2, origin=(WIDTH / 2, HEIGHT / 2))
    canvas.box(-WIDTH, -HEIGHT, 2 * WIDTH, 2 * HEIGHT, sky)
    return canvas


def _done(canvas: Canvas) -> Image.Image:
    return canvas.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _meadow(c: Canvas, y: float, colour: str, rise: float, lean: float) -> None:
    ground(c.placed(0, 0, 3), y / 3, colour, rise / 3, lean / 3)


def _rushes(c: Canvas, x: float, y: float, colour: str, size: float = 1) -> None:
    for step, (lean, height) in enumerate(
        ((-22, 90), (-8, 128), (6, 104), (20, 140), (34, 84))
    ):
        foot = x + step * 9 * size
        c.line([(foot, y), (foot + lean * size, y - height * size)], 5 * size, colour)
        if step % 2:
            c.oval(
                foot + lean * size,
                y - height * size,
                7 * size,
                22 * size,
                "#6b4426",
                lean / 3,
            )


def _firs(c: Canvas, colour: str, places) -> None:
    for x, y, height in places:
        for part in range(3):
            half = height * (0.16 + 0.07 * part)
            top = y - height + part * height * 0.24
            c.shape(
                [
                    (x - half, top + height * 0.42),
                    (x + half, top + height * 0.42),
                    (x, top),
                ],
                colour,
            )
        c.box(
            x - height * 0.03, y - height * 0.12, height * 0.06, height * 0.16, colour
        )


def hedgerow() -> Image.Image:
    p = HEDGEROW
    c = _blank(p.light)
    glow(c, -330, -90, 70, p.accent)
    c.disc(-330, -90, 70, CREAM)
    cloud(c, 60, -150, 1.2, CREAM)
    cloud(c, 420, -96, 1.0, CREAM)
    _meadow(c, 20, p.sky, 60, -360)
    _meadow(c, 70, p.mid, 70, 300)
    oak(c.placed(392, 32, 1.5), p, 1, 32, _OAK_CLUMPS)
    _meadow(c, 150, "#57975a", 26, 420)
    for dx, y, grow, colour in (
        (0, 164, 8, p.deep),
        (-4, 156, 0, p.dark),
        (-16, 128, -38, p.mid),
    ):
        for x in range(-700, 130, 62):
            c.disc(x + dx, y, 62 + 14 * ((x // 62) % 3) + grow, colour)
    for x, y in (
        (-610, 120),
        (-560, 180),
        (-470, 130),
        (-400, 190),
        (-330, 124),
        (-250, 170),
        (-180, 128),
        (-90, 182),
        (-20, 130),
        (50, 176),
    ):
        for dx, dy in ((0, 0), (13, 5), (4, 14)):
            c.disc(x + dx, y + dy, 9, p.accent if (x // 10) % 2 else "#5f3a74")
    c.path("M150,300 L210,170 H330 L420,300 Z", p.light)
    for x in (170, 372):
        c.box(x - 12, 84, 24, 160, INK, 8)
    for y in (110, 142, 174, 206):
        c.box(176, y, 190, 16, CREAM, 6)
    c.line([(184, 212), (358, 118)], 15, CREAM)
    _meadow(c, 236, p.dark, 14, 0)
    for x, turn in ((-560, -16), (-530, 14), (480, -14), (510, 12), (540, 34)):
        leaf(c, x, 270, turn, 0.9, p.mid, p.light)
    return _done(c)


def birds() -> Image.Image:
    p = BIRDS
    c = _blank(p.light)
    rays(c.placed(260, 60, 2), 0, 0, ("#ffffff", 0.5), 22, 4)
    c.disc(260, 60, 120, "#ffe3a1")
    c.disc(260, 60, 92, "#ffd06b")
    cloud(c, -420, -130, 1.4, "#ffffff")
    cloud(c, 10, -176, 1.0, "#ffffff")
    for x, y, size in (
        (-40, -70, 1.0),
        (30, -104, 0.8),
        (96, -66, 0.9),
        (-100, -110, 0.7),
        (160, -110, 0.6),
    ):
        gull(c, x, y, size, p.dark, 7)
    _meadow(c, 96, p.sky, 24, 200)
    waves(c.placed(0, 0, 3), 46, p.mid, 2, 0)
    for x, y, width in (
        (-200, 176, 150),
        (120, 190, 190),
        (300, 166, 90),
        (480, 210, 150),
    ):
        c.box(x, y, width, 6, p.light, 3)
    _meadow(c, 210, "#69a85c", 40, -460)
    stand_lapwing(c.placed(-330, 62, 1.25), p)
    c.box(-700, 226, 1400, 100, "#2f6e4b")
    _meadow(c, 226, "#2f6e4b", 20, 200)
    for x, size in ((-600, 1.2), (-140, 0.8), (470, 1.5), (560, 1.1)):
        _rushes(c, x, 262, "#153c34", size)
    twig(c, [(700, -90), (560, -70), (470, -84), (400, -60)], 18, "#5a3a28")
    small_bird(c.placed(500, -146, 0.92), "#8a5a3c", "#f2d9b1", p.accent, singing=True)
    for x, y, turn in ((430, -66, -140), (590, -72, 20), (410, -60, 200)):
        leaf(c, x, y, turn, 0.6, "#69a85c", "#2f6e4b")
    return _done(c)


def shore() -> Image.Image:
    p = SHORE
    c = _blank("#ffe3b8")
    c.box(-700, -300, 1400, 160, "#ffd29b")
    c.disc(-180, 20, 150, "#ffc27d")
    c.disc(-180, 20, 108, CREAM)
    cloud(c, -470, -110, 1.2, CREAM)
    cloud(c, 150, -160, 1.0, CREAM)
    for x, y, size in ((-20, -90, 1.1), (60, -126, 0.8), (-90, -134, 0.7)):
        gull(c, x, y, size, p.deep, 7)
    waves(c.placed(0, 0, 3), 10, p.sky, 2, 0)
    for x, y, width in ((-290, 46, 220), (-240, 66, 120), (-210, 84, 70)):
        c.box(x, y, width, 7, CREAM, 3)
    stand_lighthouse(c.placed(420, -10, 1.5))
    waves(c.placed(0, 0, 2.4), 46, p.mid, 5, 10)
    waves(c.placed(0, 0, 2.4), 66, p.dark, 5, 60)
    c.path(
        "M-700,214 C-460,150 -200,250 60,200 C280,160 460,220 700,176 V320 H-700 Z",
        "#ffffff",
    )
    c.path(
        "M-700,232 C-460,168 -200,268 60,218 C280,178 460,238 700,194 V320 H-700 Z",
        p.light,
    )
    c.path(
        "M-560,300 C-540,200 -440,190 -380,220 C-340,240 -320,280 -310,300 Z", "#5b6f78"
    )
    c.path(
        "M-520,300 C-510,236 -450,212 -400,236 C-420,250 -440,270 -440,300 Z", "#7c929a"
    )
    c.star(-160, 258, 40, p.accent, inner=0.5, turn=-70)
    for x, y in ((-40, 262), (40, 248), (240, 246), (270, 262), (560, 240)):
        c.oval(x, y, 15, 9, "#e9c98c")
    return _done(c)


def night_sky() -> Image.Image:
    p = NIGHT
    c = _blank(p.deep)
    c.oval(0, 300, 760, 420, p.dark)
    c.oval(0, 320, 600, 300, p.mid)
    c.oval(0, 330, 460, 190, p.sky)
    c.shape([(-700, -120), (700, -330), (700, -190), (-700, 60)], (p.sky, 0.22))
    c.shape([(-700, -80), (700, -300), (700, -240), (-700, 10)], (p.light, 0.2))
    places = [
        ((x * 197) % 1260 - 630, (x * 89) % 330 - 270, 2.4 + x % 3) for x in range(46)
    ]
    sky_of_stars(c, CREAM, places)
    stars = [
        (-420, -150),
        (-350, -132),
        (-296, -92),
        (-232, -60),
        (-220, 8),
        (-96, 14),
        (-80, -66),
    ]
    c.line([*stars, stars[3]], 4, p.light)
    for x, y in stars:
        c.disc(x, y, 17, (p.accent, 0.35))
        c.star(x, y, 15, p.accent, inner=0.5)
    glow(c, 430, -130, 74, p.light, 2)
    c.path(
        "M34,-97 C84,-76 104,-16 76,30 C46,80 -20,88 -58,48 C-4,62 46,20 46,-28 "
        "C46,-56 44,-78 34,-97 Z",
        p.accent,
        (420, -122),
        0.8,
    )
    _meadow(c, 150, p.dark, 40, -200)
    _meadow(c, 186, p.deep, 40, 240)
    _firs(
        c,
        p.deep,
        (
            (-560, 210, 190),
            (-480, 220, 140),
            (-620, 220, 150),
            (500, 200, 210),
            (580, 210, 160),
            (420, 206, 130),
        ),
    )
    c.path("M60,206 L150,90 L240,206 Z", SETTING_OUT.mid)
    c.path("M150,90 L240,206 H170 Z", SETTING_OUT.dark)
    c.path("M150,110 L178,206 H128 Z", "#ffe08a")
    sparkle(c, 150, -30, 16, CREAM)
    return _done(c)


def setting_out() -> Image.Image:
    p = SETTING_OUT
    c = _blank(p.light)
    rays(c.placed(120, 40, 2.4), 0, 0, ("#fff6e0", 0.6), 26, 3)
    c.disc(120, 30, 128, p.accent)
    c.disc(120, 30, 96, CREAM)
    cloud(c, -420, -150, 1.4, CREAM)
    cloud(c, 440, -170, 1.1, CREAM)
    c.path("M-700,160 L-470,-60 L-360,40 L-250,-40 L-60,140 H700 V300 H-700 Z", p.sky)
    c.path("M-60,140 L300,20 L420,90 L560,10 L700,120 V300 H-100 Z", p.sky)
    _meadow(c, 96, p.mid, 50, 360)
    _meadow(c, 140, p.dark, 60, -380)
    c.path(
        "M-60,300 C160,250 300,214 150,184 C60,166 -70,180 -40,146 C-24,130 "
        "30,126 70,122 C40,134 16,140 24,150 C50,176 250,160 300,206 "
        "C350,250 230,280 170,300 Z",
        p.light,
    )
    oak(c.placed(-380, 60, 1.2), HEDGEROW, 1, 32, _OAK_CLUMPS)
    for x in (414,):
        c.box(x, 84, 20, 160, "#6b4426", 6)
    c.path("M380,96 H520 L548,118 L520,140 H380 Z", CREAM)
    c.path("M470,150 H344 L318,170 L344,190 H470 Z", CREAM)
    c.line([(400, 118), (500, 118)], 7, p.dark)
    c.line([(360, 170), (450, 170)], 7, p.dark)
    _meadow(c, 238, p.deep, 20, 500)
    for x, turn in ((-600, -20), (-570, 6), (-540, 28), (560, -20), (590, 8)):
        leaf(c, x, 280, turn, 1.0, p.mid, p.light)
    return _done(c)


def school() -> Image.Image:
    """The home page's picture: the school's bird at first light."""
    p = BIRDS
    c = _blank("#0f3b46")
    for radius, colour in (
        (620, "#15505a"),
        (470, "#2a6f70"),
        (330, "#6fa387"),
        (220, "#d9c98a"),
        (140, "#ffe0a0"),
    ):
        c.oval(150, 150, radius, radius * 0.86, colour)
    c.disc(150, 130, 84, CREAM)
    sky_of_stars(
        c,
        CREAM,
        (
            (-560, -220, 4),
            (-470, -160, 3),
            (-330, -230, 3),
            (-600, -90, 3),
            (590, -230, 4),
            (520, -180, 3),
            (-190, -250, 3),
            (400, -250, 3),
            (610, -110, 3),
        ),
    )
    for x, y, size in (
        (-30, -60, 0.9),
        (30, -88, 0.7),
        (92, -56, 0.8),
        (340, -20, 0.6),
        (390, -44, 0.5),
    ):
        gull(c, x, y, size, "#0f3b46", 7)
    _meadow(c, 110, "#2f7a63", 60, -300)
    _meadow(c, 150, "#1f5f52", 50, 460)
    oak(c.placed(440, 60, 1.3), HEDGEROW, 1, 32, _OAK_CLUMPS)
    stand_lapwing(c.placed(-360, 40, 1.4), p)
    c.box(-700, 226, 1400, 100, "#153c34")
    _meadow(c, 214, "#153c34", 30, 100)
    for x, size in ((-600, 1.3), (-200, 0.9), (250, 1.0), (560, 1.4)):
        _rushes(c, x, 266, "#0b2a28", size)
    return _done(c)


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "school": school,
    "setting-out": setting_out,
    "hedgerow": hedgerow,
    "birds": birds,
    "shore": shore,
    "night-sky": night_sky,
}
