"""How far a command is, for whoever sits before it."""

from __future__ import annotations

from typing import Any

WIDTH = 40


class ProgressBar:
    """One line that is written over, on a terminal; nothing anywhere else."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._is_shown = stream.isatty()

    def show(self, done: int, total: int) -> None:
        if not self._is_shown:
            return
        share = min(1, done / total) if total else 1
        bar = "#" * round(share * WIDTH)
        self._stream.write(f"\r[{bar:<{WIDTH}}] {share:4.0%}", ending="")
        self._stream.flush()

    def close(self) -> None:
        """Leave the line as it is and go to the next."""
        if self._is_shown:
            self._stream.write("")
