"""What the ways of counting come to, counted plainly, day by day."""

from itertools import pairwise

from wagtail_gamification.models import Counting


def counted(facts, how, within_days=None, allows_rest_days=False):
    """Count ``facts``: the day, the object and how often of all that one player did."""
    facts = [fact for fact in facts if fact[2] > 0]
    days = sorted({day for day, _what, _times in facts})
    if how == Counting.DAYS_IN_A_ROW:
        return _longest_row(days, 1, rests=allows_rest_days)
    if how == Counting.WEEKS_IN_A_ROW:
        return _longest_row(sorted({_monday(day) for day in days}), 7)
    windows = [facts]
    if within_days:
        windows = [
            [fact for fact in facts if start <= fact[0] < start + within_days]
            for start in days
        ]
    return max((_total(window, how) for window in windows), default=0)


def _total(facts, how):
    if how == Counting.EVERY_TIME:
        return sum(times for _day, _what, times in facts)
    if how == Counting.OBJECTS:
        return len({what for _day, what, _times in facts if what})
    return len({day for day, _what, _times in facts})


def _longest_row(units, step, *, rests=False):
    rows = [
        units[start:end]
        for start in range(len(units))
        for end in range(start + 1, len(units) + 1)
    ]
    return max((len(row) for row in rows if _is_row(row, step, rests)), default=0)


def _is_row(units, step, rests):
    """Whether nothing is missing but, with rest days, one day a week."""
    gaps = [(before, unit) for before, unit in pairwise(units) if unit - before != step]
    missed = [before + 1 for before, unit in gaps if unit - before == 2 and rests]
    weeks = {_monday(day) for day in missed}
    return len(gaps) == len(missed) == len(weeks)


def _monday(day):
    return day - (day - 1) % 7
