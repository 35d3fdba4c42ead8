"""Where messages may go: to public addresses, whatever a name says today.

A name is looked up once, and the connection goes to the very address that was looked
at: asked a second time, whoever owns the name could give another one.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from wagtail_gamification.conf import app_settings
from wagtail_gamification.exceptions import GamificationError

Address = IPv4Address | IPv6Address

# Addresses that stand for others behind a gateway (RFC 6052, RFC 8215).
_TRANSLATED = IPv6Network("64:ff9b::/96")
_LOCALLY_TRANSLATED = IPv6Network("64:ff9b:1::/48")


class AddressRefused(GamificationError):
    """A web hook's address is none that messages may be sent to."""


def check_url(url: str) -> SplitResult:
    """Give the parts of an address, once it is known to be one to send to.

    :raises AddressRefused: where it isn't
    """
    try:
        parts = urlsplit(url)
        # A port that is none is found out here.
        _port = parts.port
    except ValueError:
        raise AddressRefused(_("This isn't an address.")) from None
    schemes = ["https"]
    if settings.DEBUG or app_settings.WEBHOOK_ALLOW_HTTP:
        schemes.append("http")
    if parts.scheme not in schemes:
        raise AddressRefused(_("The address must begin with https://."))
    if not parts.hostname:
        raise AddressRefused(_("The address names no host."))
    if "@" in parts.netloc or parts.fragment:
        raise AddressRefused(
            _("The address must have no user name, no password and no “#”.")
        )
    try:
        literal = ip_address(parts.hostname)
    except ValueError:
        return parts
    if not is_allowed(literal):
        raise AddressRefused(_("This address is in a private network."))
    return parts


def look_up(host: str, port: int) -> list[str]:
    """Give the addresses of a host, all of which may be sent to.

    :raises AddressRefused: where one of them may not, or where there is none
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused(_("The host wasn't found.")) from None
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not addresses:
        raise AddressRefused(_("The host wasn't found."))
    if not all(is_allowed(ip_address(each.partition("%")[0])) for each in addresses):
        raise AddressRefused(_("The host is in a private network."))
    return addresses


def is_allowed(address: Address) -> bool:
    """Whether a message may be sent to this address."""
    return all(
        (each.is_global and not each.is_multicast) or _is_excepted(each)
        for each in _meant_by(address)
    )


def _meant_by(address: Address) -> Iterable[Address]:
    """Give the address and those that are written into it."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    inner = [address.sixtofour, *(address.teredo or ())]
    if address in _TRANSLATED:
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    if address in _LOCALLY_TRANSLATED:
        # Which network it leads to, only that network knows.
        inner.append(IPv4Address(0))
    return [address, *(each for each in inner if each is not None)]


def _is_excepted(address: Address) -> bool:
    networks = (ip_network(each) for each in app_settings.WEBHOOK_ALLOWED_NETWORKS)
    return any(address in each for each in networks)
