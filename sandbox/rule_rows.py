"""What the demo's badges ask for, and what pays points, row by row.

The keys are the columns of the sheets.
"""

from __future__ import annotations

Row = dict[str, str | int | bool]

_LESSONS: Row = {"event": "lesson_completed", "count": "objects"}

#: The badges for one lesson alone, each with the lesson's slug.
_FOR_LESSONS = {
    "notebook-keeper": "keeping-a-field-notebook",
    "hand-lens": "how-to-use-a-hand-lens",
    "acorn": "the-oak-and-its-lodgers",
    "hundred-rings": "how-old-is-that-tree",
    "toadstool": "fungi-you-cannot-mistake",
    "bumblebee": "bumblebees-by-their-tails",
    "nest-finder": "nests-after-the-leaves-fall",
    "owl-light": "listening-for-owls",
    "swift-summer": "swifts-a-hundred-days",
    "crab-at-home": "what-lives-in-a-rock-pool",
    "shell-seeker": "shells-and-who-built-them",
    "spring-tide": "why-the-tide-is-sometimes-huge",
    "moonwatcher": "the-moon-in-thirty-nights",
    "ringed-giant": "finding-saturn",
    "perseid": "an-evening-with-the-perseids",
}

_OF_SUBJECTS = {
    "hedgerow": ("leaf-turner", "hedge-reader", "keeper-of-the-hedge"),
    "birds": ("first-feather", "keen-ear", "dawn-chorus"),
    "shore": ("tideline", "rock-pooler", "warden-of-the-shore"),
    "night-sky": ("first-star", "star-hopper", "keeper-of-the-dark"),
}

REQUIREMENTS: tuple[Row, ...] = (
    {"badge": "first-footprint", **_LESSONS, "how_many": 1},
    {"badge": "well-trodden", **_LESSONS, "how_many": 5},
    {"badge": "the-long-way-round", **_LESSONS, "how_many": 12},
    {"badge": "an-hour-well-spent", "event": "minute_learned", "how_many": 60},
    {"badge": "a-whole-afternoon", "event": "minute_learned", "how_many": 240},
    {"badge": "field-day", **_LESSONS, "how_many": 3, "within_days": 1},
    {"badge": "in-season", "event": "lesson_completed", "how_many": 3},
    *(
        {
            "badge": "all-rounder",
            "kind": "subject",
            "how_many": 1,
            "category": subject,
        }
        for subject in ("setting-out", *_OF_SUBJECTS)
    ),
    {
        "badge": "steady-lamp",
        "event": "logged_in",
        "how_many": 7,
        "count": "days_in_a_row",
        "rest_days": True,
    },
    {"badge": "field-reporter", "event": "form_submitted", "how_many": 1},
    {
        "badge": "good-company",
        "event": "comment_written",
        "count": "objects",
        "how_many": 3,
    },
    {"badge": "wayfarer", "kind": "badge", "required_badge": "first-footprint"},
    {
        "badge": "wayfarer",
        **_LESSONS,
        "how_many": 10,
        "within_days": 30,
        "group": 1,
    },
    {"badge": "wayfarer", "kind": "level", "level": "great-oak", "group": 1},
    {"badge": "before-the-milk", "event": "early_lesson", "how_many": 1},
    {"badge": "midnight-moth", "event": "late_lesson", "how_many": 1},
    {"badge": "message-in-a-bottle", "event": "tide_and_stars", "how_many": 1},
    *(
        {"badge": badge, "kind": "subject", "how_many": number, "category": subject}
        for subject, badges in _OF_SUBJECTS.items()
        for badge, number in zip(badges, (1, 2, 4), strict=True)
    ),
    *(
        {
            "badge": badge,
            "event": "lesson_completed",
            "how_many": 1,
            "object": f"/lessons/{lesson}/",
        }
        for badge, lesson in _FOR_LESSONS.items()
    ),
)

POINT_RULES: tuple[Row, ...] = (
    {
        "slug": "lessons",
        "name": "Lessons",
        "event": "lesson_completed",
        "points": 2,
        "once_per_object": True,
    },
    {
        "slug": "comments",
        "name": "Comments",
        "event": "comment_written",
        "points": 1,
        "once_per_object": True,
        "daily_limit": 3,
    },
    {
        "slug": "field-notes",
        "name": "Field notes",
        "event": "form_submitted",
        "points": 5,
        "daily_limit": 5,
        "total_limit": 50,
    },
)

CAMPAIGNS: tuple[Row, ...] = (
    {
        "slug": "moth-nights",
        "name": "Moth nights",
        "event": "lesson_completed",
        "multiplier": 2,
        "go_live_at": "2030-07-19 00:00",
        "expire_at": "2030-07-28 00:00",
    },
)
