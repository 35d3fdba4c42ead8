"""Categories, unlockables and levels of the demo's catalogue, row by row."""

from __future__ import annotations

CATEGORIES: tuple[tuple[str, str, str], ...] = (
    (
        "setting-out",
        "Setting out",
        "The first steps, and the habit of going back for more.",
    ),
    (
        "hedgerow",
        "Hedgerow",
        "Leaves, fungi, old trees, and everybody who lives in them.",
    ),
    ("birds", "Birds", "By ear first. The binoculars can wait."),
    ("shore", "Shore", "Between the tides, with cold feet and an eye on the clock."),
    ("night-sky", "Night sky", "Everything you can see with the lights off."),
)

#: slug, name, points required, price, whether it locks again, description
UNLOCKABLES: tuple[tuple[str, str, int, int | None, bool, str], ...] = (
    (
        "song-library",
        "The song library",
        40,
        None,
        False,
        "<p>Notes on twenty songs, written down the way you would sing them.</p>",
    ),
    (
        "tide-tables",
        "The warden's tide tables",
        80,
        None,
        False,
        "<p>When to go, how far, and when to turn round.</p>",
    ),
    (
        "lantern-walk",
        "A place on the lantern walk",
        160,
        None,
        False,
        "<p>The last Friday of the month, from the school gate, in the dark.</p>",
    ),
    (
        "wardens-notebook",
        "The warden's notebook",
        100,
        150,
        False,
        "<p>Thirty years of first swallows, late frosts and one otter.</p>",
    ),
    (
        "telescope-evening",
        "An evening at the telescope",
        450,
        None,
        True,
        "<p>The key to the dome. It goes back on its hook if your points fall below.</p>",
    ),
)

#: slug, name, points required
LEVELS: tuple[tuple[str, str, int], ...] = (
    ("acorn", "Acorn", 0),
    ("seedling", "Seedling", 50),
    ("sapling", "Sapling", 120),
    ("young-oak", "Young oak", 240),
    ("great-oak", "Great oak", 420),
    ("ancient-oak", "Ancient oak", 650),
)
