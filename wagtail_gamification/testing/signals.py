"""See which signals were sent, with what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.dispatch import Signal


@dataclass
class CaughtSignals:
    """The facts that each signal brought, in the order they were sent."""

    facts: list[dict[str, Any]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.facts)

    def __getitem__(self, position: int) -> dict[str, Any]:
        return self.facts[position]


@contextmanager
def catch_signals(*signals: Signal) -> Iterator[CaughtSignals]:
    """Catch ``signals`` while the block runs.

    They are sent after commit: in a ``TestCase``, or with pytest-django's ``db``,
    capture the callbacks and execute them inside the block.
    """
    caught = CaughtSignals()

    def receive(signal: Signal, **facts: Any) -> None:
        caught.facts.append({"signal": signal, **facts})

    for signal in signals:
        signal.connect(receive)
    try:
        yield caught
    finally:
        for signal in signals:
            signal.disconnect(receive)
