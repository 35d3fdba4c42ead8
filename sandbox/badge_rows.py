"""The badges of the demo's catalogue, before they become a spreadsheet.

What they ask for is in ``rule_rows.py``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BadgeRow:
    """One badge; its image is named after its slug."""

    slug: str
    name: str
    category: str
    points: int
    description: str
    next_badge: str = ""
    secret: bool = False
    max_awards: int | None = None
    expires_after: int | None = None


BADGES: tuple[BadgeRow, ...] = (
    # Setting out
    BadgeRow(
        "first-footprint",
        "First footprint",
        "setting-out",
        10,
        "<p>You finished your <b>first lesson</b>. It is all downhill from here, apart "
        "from the hills.</p>",
        next_badge="well-trodden",
    ),
    BadgeRow(
        "well-trodden",
        "Well trodden",
        "setting-out",
        25,
        "<p>Five lessons finished. The boots have stopped squeaking.</p>",
        next_badge="the-long-way-round",
    ),
    BadgeRow(
        "the-long-way-round",
        "The long way round",
        "setting-out",
        60,
        "<p>Twelve lessons finished, when the short way was <i>right there</i>.</p>",
    ),
    BadgeRow(
        "an-hour-well-spent",
        "An hour well spent",
        "setting-out",
        10,
        "<p>Sixty minutes of lessons, counted by the minute.</p>",
        next_badge="a-whole-afternoon",
    ),
    BadgeRow(
        "a-whole-afternoon",
        "A whole afternoon",
        "setting-out",
        30,
        "<p>Four hours of lessons. You may now sit on the bench.</p>",
    ),
    BadgeRow(
        "field-day",
        "Field day",
        "setting-out",
        15,
        "<p>Three lessons finished in one day. After that, please rest.</p>",
    ),
    BadgeRow(
        "in-season",
        "In season",
        "setting-out",
        15,
        "<p>Three lessons, and the badge is fresh for <b>thirty days</b>. Then it is "
        "somebody else's season until you come back.</p>",
        expires_after=30,
    ),
    BadgeRow(
        "notebook-keeper",
        "Notebook keeper",
        "setting-out",
        15,
        "<p>You keep a field notebook. Date, place, weather, and a drawing that only "
        "you can recognise.</p>",
    ),
    BadgeRow(
        "hand-lens",
        "Hand lens",
        "setting-out",
        15,
        "<p>Lens to the eye, then the leaf to the lens. You will never walk past moss "
        "at the same speed again.</p>",
    ),
    BadgeRow(
        "all-rounder",
        "All-rounder",
        "setting-out",
        40,
        "<p>At least one lesson in each of the five subjects.</p>",
    ),
    BadgeRow(
        "steady-lamp",
        "Steady lamp",
        "setting-out",
        25,
        "<p>Here on seven days in a row. One missed day a week is forgiven: "
        "<i>everybody has a Tuesday</i>.</p>",
    ),
    BadgeRow(
        "field-reporter",
        "Field reporter",
        "setting-out",
        15,
        "<p>You sent in your field notes. Somebody has already put a pin in the "
        "map.</p>",
    ),
    BadgeRow(
        "good-company",
        "Good company",
        "setting-out",
        20,
        "<p>You had something to say about three different lessons, and said it.</p>",
    ),
    BadgeRow(
        "wayfarer",
        "Wayfarer",
        "setting-out",
        50,
        "<p>Ten different lessons within thirty days. Or you have been here so long "
        "that you are a <b>great oak</b> by now.</p>",
    ),
    BadgeRow(
        "before-the-milk",
        "Before the milk",
        "setting-out",
        20,
        "<p>You finished a lesson before seven in the morning. The blue tits were up "
        "too.</p>",
        secret=True,
    ),
    # Hedgerow
    BadgeRow(
        "leaf-turner",
        "Leaf turner",
        "hedgerow",
        10,
        "<p>Your first hedgerow lesson. Look at the underside: that is where things "
        "live.</p>",
        next_badge="hedge-reader",
    ),
    BadgeRow(
        "hedge-reader",
        "Hedge reader",
        "hedgerow",
        20,
        "<p>Two hedgerow lessons. You can tell hawthorn from blackthorn, in leaf and "
        "without.</p>",
        next_badge="keeper-of-the-hedge",
    ),
    BadgeRow(
        "keeper-of-the-hedge",
        "Keeper of the hedge",
        "hedgerow",
        50,
        "<p>Four hedgerow lessons. Somebody should give you the key to the gate.</p>",
    ),
    BadgeRow(
        "acorn",
        "Acorn",
        "hedgerow",
        10,
        "<p>For the lesson on the oak, which feeds more kinds of insect than any other "
        "tree in the parish.</p>",
    ),
    BadgeRow(
        "hundred-rings",
        "A hundred rings",
        "hedgerow",
        15,
        "<p>You can give a tree's age with a tape measure and be wrong by less than a "
        "generation.</p>",
    ),
    BadgeRow(
        "toadstool",
        "Toadstool",
        "hedgerow",
        15,
        "<p>Look, draw, smell, <b>leave</b>. Nobody was ever poisoned by a "
        "drawing.</p>",
    ),
    BadgeRow(
        "bumblebee",
        "Bumblebee",
        "hedgerow",
        15,
        "<p>White tail, buff tail, red tail, ginger. You count tails now.</p>",
    ),
    # Birds
    BadgeRow(
        "first-feather",
        "First feather",
        "birds",
        10,
        "<p>Your first lesson about birds.</p>",
        next_badge="keen-ear",
    ),
    BadgeRow(
        "keen-ear",
        "Keen ear",
        "birds",
        20,
        "<p>Two lessons about birds. You stopped in the middle of a sentence, and "
        "everybody waited.</p>",
        next_badge="dawn-chorus",
    ),
    BadgeRow(
        "dawn-chorus",
        "Dawn chorus",
        "birds",
        50,
        "<p>All four lessons about birds. You can hear who is <i>missing</i>.</p>",
    ),
    BadgeRow(
        "nest-finder",
        "Nest finder",
        "birds",
        15,
        "<p>In winter, when the leaves are down and nobody is at home.</p>",
    ),
    BadgeRow(
        "owl-light",
        "Owl light",
        "birds",
        15,
        "<p>The half hour after sunset when one of them says <i>ke-wick</i> and the "
        "other one answers.</p>",
    ),
    BadgeRow(
        "swift-summer",
        "Swift summer",
        "birds",
        15,
        "<p>A hundred days of screaming over the rooftops, and then a quiet "
        "evening.</p>",
    ),
    BadgeRow(
        "lapwing",
        "The Lapwing",
        "birds",
        50,
        "<p>The school's own badge. A tutor gives it, by hand, to somebody who helped "
        "another learner. You can have it <b>three times</b>.</p>",
        max_awards=3,
    ),
    # Shore
    BadgeRow(
        "tideline",
        "Tideline",
        "shore",
        10,
        "<p>Your first lesson on the shore. You turned the seaweed over and put it "
        "back.</p>",
        next_badge="rock-pooler",
    ),
    BadgeRow(
        "rock-pooler",
        "Rock-pooler",
        "shore",
        20,
        "<p>Two lessons on the shore. Wait, don't splash, wait some more.</p>",
        next_badge="warden-of-the-shore",
    ),
    BadgeRow(
        "warden-of-the-shore",
        "Warden of the shore",
        "shore",
        50,
        "<p>All four lessons on the shore. The light is yours to keep.</p>",
    ),
    BadgeRow(
        "crab-at-home",
        "Crab at home",
        "shore",
        15,
        "<p>Every stone has been put back the way it lay.</p>",
    ),
    BadgeRow(
        "shell-seeker",
        "Shell seeker",
        "shore",
        10,
        "<p>You know who built it, how it opened, and who drilled the neat round "
        "hole.</p>",
    ),
    BadgeRow(
        "spring-tide",
        "Spring tide",
        "shore",
        15,
        "<p>Sun, moon and Earth in one line, and a beach that is suddenly twice as "
        "long. Lasts until the <b>next new moon but one</b>.</p>",
        expires_after=59,
    ),
    BadgeRow(
        "message-in-a-bottle",
        "Message in a bottle",
        "shore",
        25,
        "<p>The tide and the stars on the same day. It said: <i>wish you were "
        "here</i>.</p>",
        secret=True,
    ),
    # Night sky
    BadgeRow(
        "first-star",
        "First star",
        "night-sky",
        10,
        "<p>Your first lesson about the night sky. It may have been Venus. It "
        "counts.</p>",
        next_badge="star-hopper",
    ),
    BadgeRow(
        "star-hopper",
        "Star-hopper",
        "night-sky",
        20,
        "<p>Two lessons. From the Plough you can find your way to anywhere.</p>",
        next_badge="keeper-of-the-dark",
    ),
    BadgeRow(
        "keeper-of-the-dark",
        "Keeper of the dark",
        "night-sky",
        50,
        "<p>All four lessons about the night sky, and one porch light fewer.</p>",
    ),
    BadgeRow(
        "moonwatcher",
        "Moonwatcher",
        "night-sky",
        15,
        "<p>You drew the moon on thirty nights. Cloud counts; you draw the cloud.</p>",
    ),
    BadgeRow(
        "ringed-giant",
        "Ringed giant",
        "night-sky",
        15,
        "<p>Everybody says the same thing at the eyepiece: <i>it's real</i>.</p>",
    ),
    BadgeRow(
        "perseid",
        "Perseid",
        "night-sky",
        20,
        "<p>Grit from a comet, seen from a deckchair. Good until <b>next "
        "August</b>.</p>",
        expires_after=365,
    ),
    BadgeRow(
        "midnight-moth",
        "Midnight moth",
        "night-sky",
        20,
        "<p>You finished a lesson after eleven at night. Somebody left a lamp on.</p>",
        secret=True,
    ),
)
