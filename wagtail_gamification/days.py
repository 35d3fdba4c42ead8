"""When a day begins and ends: reports count by the days of the site."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from django.utils import timezone


def site_zone() -> tzinfo:
    """Give the time zone of the site, whatever the reader's own is."""
    return timezone.get_default_timezone()


def day_of(moment: datetime) -> date:
    """Give the day of the site on which something happened."""
    return timezone.localtime(moment, site_zone()).date()


def today() -> date:
    return day_of(timezone.now())


def start_of(day: date) -> datetime:
    """Give the first moment of a day. It ends where the next one begins."""
    return datetime.combine(day, time.min, site_zone())


def bounds_of(first: date, last: date) -> tuple[datetime, datetime]:
    """Give when these days begin, and when they are over."""
    return start_of(first), start_of(last + timedelta(days=1))
