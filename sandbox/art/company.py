"""The badges of "Setting out" for coming back, writing in, and talking to others."""

from __future__ import annotations

from .canvas import Canvas, moved
from .palettes import CREAM, INK, WHITE, Palette
from .shapes import glow, ground, leaf, rays, sparkle


def lamp(c: Canvas, p: Palette) -> None:
    c.shape(moved([(-300, -300), (300, -300), (300, 300), (-300, 300)]), p.deep)
    rays(c, 0, -4, (p.accent, 0.28), 16)
    glow(c, 0, -4, 60, p.accent)
    ground(c, 96, p.dark, 8, 0)
    c.circle(0, -92, 26, 9, p.mid)
    c.path("M-44,-66 H44 L58,-44 H-58 Z", p.mid)
    c.path("M-52,-44 H52 L60,74 H-60 Z", p.light)
    c.path("M0,-34 C26,2 30,26 0,52 C-30,26 -26,2 0,-34 Z", p.accent)
    c.path("M0,-2 C13,16 13,30 0,44 C-13,30 -13,16 0,-2 Z", WHITE)
    for x in (-56, 56):
        c.line([(x * 0.92, -44), (x, 74)], 8, p.mid)
    c.box(-70, 72, 140, 24, p.mid, 8)


def letter(c: Canvas, p: Palette) -> None:
    c.disc(0, 0, 136, p.light)
    rays(c, 0, 0, (p.accent, 0.5), 12, 8)
    for points, colour in (
        ([(-104, -62), (104, -62), (104, 84), (-104, 84)], p.deep),
        ([(-96, -54), (96, -54), (96, 76), (-96, 76)], CREAM),
        ([(-96, 76), (0, 2), (96, 76)], WHITE),
        ([(-96, -54), (0, 34), (96, -54)], p.accent),
    ):
        c.shape(moved(points, turn=-6), colour)
    c.line(moved([(-96, -54), (0, 34), (96, -54)], turn=-6), 7, p.mid)
    leaf(c, 2, 26, 30, 0.6, "#69a85c", "#2f6e4b")
    sparkle(c, 92, -92, 18, p.mid)
    sparkle(c, -98, -88, 12, p.mid)


def bubbles(c: Canvas, p: Palette) -> None:
    c.disc(0, 0, 140, p.light)
    ground(c, 88, p.sky, 16, -40)
    for x, y, size, colour, ink in (
        (-30, -34, 1.0, p.dark, CREAM),
        (38, 34, 0.92, CREAM, p.dark),
    ):
        bubble = c.placed(x, y, size)
        tail = -1 if colour == p.dark else 1
        bubble.oval(0, 0, 88, 58, colour)
        bubble.shape([(tail * 20, 34), (tail * 66, 26), (tail * 74, 92)], colour)
        for dot in (-36, 0, 36):
            bubble.disc(dot, 0, 11, ink)


def signpost(c: Canvas, p: Palette) -> None:
    glow(c, 52, -74, 34, p.accent)
    c.disc(52, -74, 34, CREAM)
    ground(c, 62, p.mid, 24, -30)
    ground(c, 92, p.dark, 14, 60)
    c.box(-12, -108, 24, 220, p.deep, 6)
    for points, colour in (
        ([(-4, -92), (86, -92), (112, -70), (86, -48), (-4, -48)], p.accent),
        ([(4, -34), (-88, -34), (-114, -12), (-88, 10), (4, 10)], CREAM),
        ([(-4, 24), (70, 24), (94, 44), (70, 64), (-4, 64)], p.light),
    ):
        c.shape(moved(points, (3, 5)), (INK, 0.35))
        c.shape(points, colour)
    for y, start, end in ((-70, 16, 78), (-12, -78, -16), (44, 16, 62)):
        c.line([(start, y), (end, y)], 7, p.dark)
