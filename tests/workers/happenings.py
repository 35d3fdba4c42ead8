"""Twenty thousand things that happen to five hundred players, and what they come to.

What they come to is counted plainly, player by player, from the list alone.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from random import Random
from zoneinfo import ZoneInfo

from tests.requirements.counting_in_python import counted
from wagtail_gamification import Event
from wagtail_gamification.models import Counting

PLAYERS = 500
EVENTS = 20_000
DAYS = 40
LESSONS = 30
# The last is the site's own, for those whose profile says nothing.
ZONES = ["Pacific/Auckland", "America/New_York", "Asia/Kolkata", ""]

WEIGHTS = {
    "lesson_done": 35,
    "exercise_done": 25,
    "practised": 20,
    "checked_in": 10,
    "liked": 10,
}

# Slug, points, most awards, and what is counted: event, target, how, within days.
BADGES = {
    "trainer": (5, 1, ("exercise_done", 20, Counting.EVERY_TIME, None)),
    "again": (1, 4, ("exercise_done", 6, Counting.EVERY_TIME, None)),
    "scholar": (20, 1, ("lesson_done", 11, Counting.OBJECTS, None)),
    "sprinter": (10, 1, ("lesson_done", 5, Counting.OBJECTS, 7)),
    "steady": (15, 1, ("practised", 4, Counting.DAYS_IN_A_ROW, None)),
    "regular": (2, 1, ("checked_in", 4, Counting.DAYS, None)),
    "fan": (3, 1, ("liked", 4, Counting.EVERY_TIME, None)),
}
# The badge for badges: so many of the others.
META, META_TARGET, META_POINTS = "collector", 4, 50
# Points by event, with once for each object, daily and total limit.
RULES = {
    "lesson_done": (10, True, None, None),
    "exercise_done": (2, False, 7, None),
    "practised": (3, False, None, 20),
    "liked": (5, False, None, None),
    "badge_earned": (4, False, None, None),
}


def declare_events():
    """Register the events, once for each process."""
    return {
        code: Event(code, code, once_per="day" if code == "checked_in" else None)
        for code in WEIGHTS
    }


@dataclass(frozen=True)
class Happening:
    key: str
    event: str
    player: int
    lesson: int | None
    at: datetime
    quantity: int

    @property
    def day(self):
        zone = ZoneInfo(ZONES[self.player % len(ZONES)] or "Europe/London")
        return self.at.astimezone(zone).date().toordinal()


def make_happenings(random: Random, now: datetime) -> list[Happening]:
    codes = random.choices([*WEIGHTS], [*WEIGHTS.values()], k=EVENTS)
    return [
        Happening(
            # Some databases take these keys for each other's.
            key=f"{'Aa'[number % 2]}-{number // 2}",
            event=code,
            player=random.randrange(PLAYERS),
            lesson=random.randrange(LESSONS) if code == "lesson_done" else None,
            at=now - timedelta(seconds=random.randrange(DAYS * 86_400)),
            quantity=random.randint(1, 3) if code == "exercise_done" else 1,
        )
        for number, code in enumerate(codes)
    ]


def choose_retracted(happenings: list[Happening], number: int) -> set[str]:
    """Choose what is taken back: what no badge hangs upon.

    Badges stay with those who had them before the retraction came.
    """
    retracted: set[str] = set()
    of_player = defaultdict(list)
    for happening in happenings:
        of_player[happening.player].append(happening)
    for happening in happenings:
        theirs = of_player[happening.player]
        if happening.event not in ("liked", "lesson_done") or len(retracted) == number:
            continue
        tried = retracted | {happening.key}
        kept = [each for each in theirs if each.key not in tried]
        if _awards(_facts(kept)) == _awards(_facts(theirs)):
            retracted = tried
    return retracted


@dataclass
class Outcome:
    """What it all comes to, by player."""

    activities: Counter
    """By player, event, day and lesson."""
    awards: Counter
    """By player and slug."""
    paid: Counter
    """By player and rule."""
    balances: Counter
    progress: Counter
    """By player and slug, where there is some."""
    streaks: dict[int, int]
    """The longest row of days practised, with rest days."""


def work_out(happenings: list[Happening]) -> Outcome:
    outcome = Outcome(Counter(), Counter(), Counter(), Counter(), Counter(), {})
    of_player = defaultdict(list)
    for happening in happenings:
        of_player[happening.player].append(happening)
    for player, theirs in of_player.items():
        facts = _facts(theirs)
        for event, rows in facts.items():
            for day, lesson, times in rows:
                outcome.activities[player, event, day, lesson] += times
        awards = _awards(facts)
        for slug, times in awards.items():
            outcome.awards[player, slug] = times
        for slug in BADGES:
            if progress := _progress(slug, facts, awards):
                outcome.progress[player, slug] = progress
        outcome.progress[player, META] = len(awards.keys() - {META})
        for event, amount in _paid(theirs, awards).items():
            outcome.paid[player, event] = amount
            outcome.balances[player] += amount
        for slug, times in awards.items():
            points = META_POINTS if slug == META else BADGES[slug][0]
            outcome.balances[player] += times * points
        if facts["practised"]:
            how = Counting.DAYS_IN_A_ROW
            outcome.streaks[player] = counted(
                facts["practised"], how, allows_rest_days=True
            )
    outcome.progress = +outcome.progress
    return outcome


def _facts(happenings):
    facts = defaultdict(list)
    for each in happenings:
        facts[each.event].append((each.day, each.lesson, each.quantity))
    facts["checked_in"] = sorted(set(facts["checked_in"]), key=lambda row: row[0])
    return facts


def _measured(slug, facts):
    event, _target, how, within = BADGES[slug][2]
    rows = facts[event]
    if how == Counting.OBJECTS:
        rows = [row for row in rows if row[1] is not None]
        # Lesson 0 is one too.
        rows = [(day, f"lesson {lesson}", times) for day, lesson, times in rows]
    rests = how == Counting.DAYS_IN_A_ROW
    return counted(rows, how, within_days=within, allows_rest_days=rests)


def _awards(facts):
    awards = Counter()
    for slug, (_points, most, (_event, target, _how, _within)) in BADGES.items():
        awards[slug] = min(most, _measured(slug, facts) // target)
    awards = +awards
    if len(awards) >= META_TARGET:
        awards[META] = 1
    return awards


def _progress(slug, facts, awards):
    _points, most, (_event, target, _how, _within) = BADGES[slug]
    used = awards[slug] * target if most > 1 else 0
    return _measured(slug, facts) - used


def _paid(happenings, awards):
    paid = Counter()
    for event, (points, once, daily, total) in RULES.items():
        theirs = [each for each in happenings if each.event == event]
        if event == "badge_earned":
            paid[event] = points * sum(awards.values())
        elif once:
            paid[event] = points * len({each.lesson for each in theirs})
        else:
            days = Counter()
            for each in theirs:
                days[each.day] += points * each.quantity
            paid[event] = sum(min(amount, daily or amount) for amount in days.values())
        paid[event] = min(paid[event], total or paid[event])
    return +paid


def now_in_utc() -> datetime:
    return datetime.now(timezone.utc).replace(microsecond=0) - timedelta(days=1)
