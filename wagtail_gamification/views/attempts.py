"""How often somebody may try something, counted in the cache.

A window of time has one counter per person and one per address. They count from the
first attempt on, and are gone when the window ends. It is deliberately small: codes
are far too long to be guessed, so this only keeps a site from being busy with it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.core.cache import BaseCache, caches
from django.http import HttpRequest

from wagtail_gamification.conf import app_settings


class Attempts:
    """Counts attempts of one kind; each of ``limits`` is a name and its maximum.

    A maximum of 0 limits nothing.
    """

    def __init__(
        self, kind: str, limits: Iterable[tuple[str, int]], seconds: int
    ) -> None:
        self.seconds = seconds
        window = int(time.time() // self.seconds)
        self.limits = [
            (_key(kind, name, window), maximum) for name, maximum in limits if maximum
        ]

    def add(self) -> bool:
        """Count one more attempt, and say whether it is within the limits."""
        numbers = [(self._increase(key), maximum) for key, maximum in self.limits]
        return all(number <= maximum for number, maximum in numbers)

    def take_back(self) -> None:
        """Forget the last attempt: it was a good one."""
        for key, _maximum in self.limits:
            # Unless the window has ended meanwhile.
            with suppress(ValueError):
                _cache().decr(key)

    @property
    def retry_after(self) -> int:
        """Seconds until the window ends."""
        return self.seconds - int(time.time() % self.seconds)

    def _increase(self, key: str) -> int:
        cache = _cache()
        cache.add(key, 0, self.seconds)
        try:
            return cache.incr(key)
        except ValueError:
            # It ended in between, or the cache keeps nothing at all.
            return 1


def attempts_to_claim(request: HttpRequest) -> Attempts:
    """Give the counters of a request that claims a badge with a code."""
    limits = [
        (f"user:{request.user.pk}", app_settings.CLAIM_TRIES_PER_USER),
        (f"address:{address_of(request)}", app_settings.CLAIM_TRIES_PER_ADDRESS),
    ]
    return Attempts("claim", limits, app_settings.CLAIM_TRIES_SECONDS)


def attempts_to_nominate(request: HttpRequest) -> Attempts:
    """Give the counter of a request that nominates, whether or not there is a nominee.

    Who guesses names or addresses is stopped by it too.
    """
    limits = [(f"user:{request.user.pk}", app_settings.NOMINATIONS_PER_DAY)]
    return Attempts("nominate", limits, 24 * 60 * 60)


def address_of(request: HttpRequest) -> str:
    """Give the address that a request comes from, as the site knows it.

    Of a list, as proxies write it, the last one counts: the others are what the client
    says of itself. Of IPv6 the network counts: a household has 2⁶⁴ addresses.
    """
    value: Any = request.META.get(app_settings.CLIENT_ADDRESS, "")
    text = value.rpartition(",")[2].strip()
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


def _cache() -> BaseCache:
    return caches[app_settings.CACHE_ALIAS]


def _key(kind: str, name: str, window: int) -> str:
    # Whatever stands in a header isn't fit to be a key.
    digest = hashlib.sha256(name.encode()).hexdigest()
    return f"wagtail_gamification:attempts:{kind}:{window}:{digest}"
