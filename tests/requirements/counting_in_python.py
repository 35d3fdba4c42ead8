"""What the ways of counting come to, counted plainly, day by day."""

from itertools import pairwise

from wagtail_gamification.models import Counting


def counted(facts, how, within_days=None, allows_rest_days=False):
    """Count ``facts``: the day, the object and how often of all that one player did."""
    facts = [fact for fact in facts if fact[2] > 0]
    days = sorted({day for day, _what, _times in facts})
    if how == Counting.DAYS_IN_A_ROW:
        return _longest_row(days, 1, _forgiven(days) if allows_rest_days else set())
    if how == Counting.WEEKS_IN_A_ROW:
        return _longest_row(sorted({_monday(day) for day in days}), 7, set())
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


def _longest_row(units, step, forgiven):
    longest = current = min(len(units), 1)
    for before, unit in pairwise(units):
        follows = unit - before == step or before + 1 in forgiven
        current = current + 1 if follows else 1
        longest = max(longest, current)
    return longest


def _forgiven(days):
    """The first single missed day of each week from Monday to Sunday."""
    by_week = {}
    for before, day in pairwise(days):
        if day - before == 2:
            by_week.setdefault(_monday(before + 1), before + 1)
    return set(by_week.values())


def _monday(day):
    return day - (day - 1) % 7
