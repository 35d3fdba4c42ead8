"""How a workload is measured: alternating with its floor, medians of rounds."""

from __future__ import annotations

import gc
import json
from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass(frozen=True)
class Measurement:
    """One line of output."""

    name: str
    db: str
    """The database: postgresql, sqlite or mysql."""

    players: int
    seconds: float
    """Median seconds of one operation."""

    floor_seconds: float
    """Median seconds of the same operation as plain SQL."""

    ratio: float
    queries: int
    """Statements that one operation sends, BEGIN and COMMIT included."""

    rounds: int

    def as_json(self) -> str:
        return json.dumps(asdict(self))


class Workload(ABC):
    """One thing to measure, and the plain SQL that does the same."""

    name: str
    operations = 1
    """How many operations one round has; what is told is the time of one."""

    shares_rows = False
    """Whether it finds the rows of the workload before it, and changes none of them."""

    def __init__(self, players: int) -> None:
        self.players = players

    @abstractmethod
    def set_up(self) -> None:
        """Fill the database. Not timed."""

    def before_round(self) -> None:
        """Put back what the round before changed. Not timed."""
        return

    @abstractmethod
    def run(self, number: int) -> Any:
        """Do operation ``number`` of a round with the package."""

    @abstractmethod
    def floor(self, number: int) -> Any:
        """Do the same with plain SQL statements."""


def measure(workload: Workload, rounds: int) -> Measurement:
    """Run ``workload`` and its floor in turn; give the medians."""
    workload.set_up()
    _analyse()
    workload.before_round()
    with CaptureQueriesContext(connection) as captured:
        workload.run(0)
    times: dict[str, list[float]] = {"run": [], "floor": []}
    # The first round warms both up and isn't counted.
    for number in range(rounds + 1):
        # Who goes first changes, so that neither always meets a warm cache.
        order = ("run", "floor") if number % 2 else ("floor", "run")
        for side in order:
            workload.before_round()
            seconds = _time(getattr(workload, side), workload.operations)
            if number:
                times[side].append(seconds)
    seconds, floor_seconds = median(times["run"]), median(times["floor"])
    return Measurement(
        name=workload.name,
        db=connection.vendor,
        players=workload.players,
        seconds=round(seconds, 6),
        floor_seconds=round(floor_seconds, 6),
        ratio=round(seconds / floor_seconds, 2),
        queries=len(captured),
        rounds=rounds,
    )


def _time(operation: Any, times: int) -> float:
    gc.collect()
    gc.disable()
    try:
        start = perf_counter()
        for number in range(times):
            operation(number)
        return (perf_counter() - start) / times
    finally:
        gc.enable()


def _analyse() -> None:
    """Let the planner know how many rows there are now."""
    if connection.vendor in {"postgresql", "sqlite"}:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
