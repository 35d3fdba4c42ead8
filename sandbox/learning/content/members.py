"""The demo's people: who they are, and which lessons they have finished when."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sitting:
    """Lessons finished one after another, so many days ago, from that hour on."""

    days_ago: int
    hour: int
    lessons: tuple[str, ...]


@dataclass(frozen=True)
class Member:
    """Somebody who learns at the school."""

    first_name: str
    sittings: tuple[Sitting, ...] = ()
    lapwings: tuple[str, ...] = ()
    """The reasons for which a tutor gave the school's own badge."""

    is_public: bool = True
    logins: tuple[int, ...] = ()
    """How many days ago they logged in."""

    comments: tuple[tuple[int, str, str], ...] = ()
    """How many days ago, below which lesson, and what they wrote."""

    field_notes: tuple[tuple[int, dict[str, str]], ...] = ()
    """How many days ago, and what they filled in."""

    @property
    def username(self) -> str:
        return self.first_name.lower()


_START = ("what-to-take-and-what-to-leave", "keeping-a-field-notebook")
_HEDGE = (
    "reading-a-hedge",
    "the-oak-and-its-lodgers",
    "how-old-is-that-tree",
    "fungi-you-cannot-mistake",
    "bumblebees-by-their-tails",
)
_BIRDS = (
    "five-songs-to-start-with",
    "nests-after-the-leaves-fall",
    "listening-for-owls",
    "swifts-a-hundred-days",
)
_SHORE = (
    "walking-the-tideline",
    "what-lives-in-a-rock-pool",
    "shells-and-who-built-them",
    "why-the-tide-is-sometimes-huge",
)
_NIGHT = (
    "your-first-ten-stars",
    "the-moon-in-thirty-nights",
    "finding-saturn",
    "an-evening-with-the-perseids",
)

MEMBERS: tuple[Member, ...] = (
    # Everything but the last star.
    Member(
        "Rosa",
        (
            Sitting(90, 9, (*_START, "how-to-use-a-hand-lens")),
            Sitting(61, 10, _HEDGE),
            Sitting(33, 6, _BIRDS),
            Sitting(12, 18, (*_SHORE, _NIGHT[0])),
            Sitting(5, 23, _NIGHT[1:3]),
        ),
        ("Held the ladder at the bat count", "Drew the map of the reserve"),
        logins=tuple(range(9, 0, -1)),
        comments=(
            (60, _HEDGE[0], "Six kinds of bush in thirty paces. Old, then!"),
            (33, _BIRDS[2], "One ke-wick, one answer, both from the bus stop."),
            (12, _SHORE[3], "Take the times seriously. My boots did not."),
        ),
        field_notes=(
            (
                20,
                {
                    "what_did_you_see": "A barn owl, white as a sheet",
                    "where": "The lane behind the church",
                    "anything_else": "It saw me first.",
                },
            ),
        ),
    ),
    Member(
        "Tomas",
        (
            Sitting(80, 14, (*_START, *_BIRDS)),
            Sitting(40, 19, _NIGHT),
            Sitting(9, 11, _HEDGE[:3]),
        ),
        ("Lent his binoculars to the whole group",),
    ),
    # The one to log in as: something of everything, and more to come.
    Member(
        "Maya",
        (
            Sitting(24, 10, (*_START, _BIRDS[0])),
            Sitting(15, 17, (_BIRDS[1], _HEDGE[0])),
            Sitting(3, 20, (_NIGHT[0], _HEDGE[1])),
        ),
        # A rest day among them.
        logins=(6, 5, 3, 2, 1),
        comments=((3, _HEDGE[1], "Found eleven kinds of gall on one twig."),),
    ),
    Member("Idris", (Sitting(50, 8, _SHORE), Sitting(49, 8, _START))),
    Member("Anouk", (Sitting(20, 15, _HEDGE), Sitting(2, 15, _START[:1]))),
    Member("Femi", (Sitting(31, 23, _NIGHT[:3]), Sitting(6, 9, _START))),
    Member("Leila", (Sitting(11, 12, (_SHORE[0], _BIRDS[0], _HEDGE[0])),)),
    Member("Jonas", (Sitting(44, 10, _START), Sitting(43, 10, _BIRDS[:2]))),
    Member("Priya", (Sitting(8, 13, (_START[1], _SHORE[0])),)),
    Member("Wilf", (Sitting(4, 16, _HEDGE[:1]),)),
    # Keeps the shelf to herself.
    Member("Sunniva", (Sitting(18, 18, _BIRDS[:3]),), is_public=False),
    # Came today.
    Member("Kit"),
)
