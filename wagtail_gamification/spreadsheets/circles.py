"""Circles among things that need one another, found without a look at each way."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def ways_round(
    needs: Mapping[T, Sequence[T]], steps: Sequence[tuple[T, T]]
) -> Iterator[list[T]]:
    """Give, for each step that lies on a circle, the shortest way round through it.

    :param needs: what each thing needs
    :param steps: pairs of a thing and one of those it needs
    """
    left = _leading_round(needs)
    for start, first in steps:
        if start in left and first in left:
            way = _way(left, first, start)
            if way:
                yield [start, *way]


def _leading_round(needs: Mapping[T, Sequence[T]]) -> dict[T, list[T]]:
    """Leave out what leads to no circle: what needs nothing, or only such things."""
    open_count = dict.fromkeys(needs, 0)
    needed_by: dict[T, list[T]] = {}
    for thing, needed in needs.items():
        for other in needed:
            if other in needs:
                open_count[thing] += 1
                needed_by.setdefault(other, []).append(thing)
    done = [thing for thing, count in open_count.items() if not count]
    for thing in done:
        for other in needed_by.get(thing, ()):
            open_count[other] -= 1
            if not open_count[other]:
                done.append(other)
    gone = set(done)
    return {
        thing: [other for other in needed if other in needs and other not in gone]
        for thing, needed in needs.items()
        if thing not in gone
    }


def _way(needs: Mapping[T, Sequence[T]], start: T, end: T) -> list[T]:
    """Give the shortest way from ``start`` to ``end``, or nothing."""
    came_from: dict[T, T] = {}
    reached = [start]
    for thing in reached:
        if thing == end:
            way = [end]
            while way[-1] != start:
                way.append(came_from[way[-1]])
            return way[::-1]
        for other in needs.get(thing, ()):
            if other not in came_from and other != start:
                came_from[other] = thing
                reached.append(other)
    return []
