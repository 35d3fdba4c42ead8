"""The demo's lessons, one module for each subject, in the order they are listed."""

from __future__ import annotations

from .base import Lesson
from .birds import LESSONS as BIRDS
from .hedgerow import LESSONS as HEDGEROW
from .night_sky import LESSONS as NIGHT_SKY
from .setting_out import LESSONS as SETTING_OUT
from .shore import LESSONS as SHORE

LESSONS: tuple[Lesson, ...] = (*SETTING_OUT, *HEDGEROW, *BIRDS, *SHORE, *NIGHT_SKY)

__all__ = ["LESSONS", "Lesson"]
