"""One attempt to send one message."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from django.utils.translation import gettext as _
from standardwebhooks import Webhook

from wagtail_gamification import __version__
from wagtail_gamification.conf import app_settings

from .addresses import AddressRefused, check_url, look_up

# More than that of an answer isn't read.
ANSWER_BYTES = 1000


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt."""

    status: int | None
    """The status of the answer, None where there was none."""

    error: str = ""
    """What went wrong, for the editor who looks for it."""

    retry_after: int = 0
    """The seconds for which the endpoint asks to be left alone."""

    @property
    def is_delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the endpoint says that it wants no messages any more."""
        return self.status == http.client.GONE


def body_of(payload: Mapping[str, Any]) -> str:
    """Write a payload as it is signed and sent."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def signed_headers(
    message_id: str, body: str, secrets: Sequence[str], now: datetime
) -> dict[str, str]:
    """Give the headers of the Standard Webhooks specification.

    One signature for each secret: while a new one is taken up, both are valid.
    """
    signatures = [Webhook(each).sign(message_id, now, body) for each in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def send(
    url: str, message_id: str, payload: Mapping[str, Any], secrets: Sequence[str]
) -> Outcome:
    """Post a message, and say what came of it. It never raises.

    No redirect is followed: the address that was looked at is the one that is sent to.
    """
    body = body_of(payload)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"wagtail-gamification/{__version__}",
        **signed_headers(message_id, body, secrets, datetime.now(timezone.utc)),
    }
    try:
        return _post(url, body.encode(), headers)
    except AddressRefused as error:
        return Outcome(None, str(error))
    except TimeoutError:
        return Outcome(None, _("There was no answer in time."))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Outcome(None, f"{type(error).__name__}: {error}"[:ANSWER_BYTES])


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    parts = check_url(url)
    port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    host = parts.hostname or ""
    connection = _Pinned(host, port, look_up(host, port), parts.scheme == "https")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    # The time-out of a socket begins anew with each byte.
    watch = threading.Timer(app_settings.WEBHOOK_TIMEOUT, connection.break_off)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", target, body, dict(headers))
        # What isn't read to its end would keep the socket open.
        with connection.getresponse() as response:
            answer = response.read(ANSWER_BYTES)
    except (OSError, http.client.HTTPException):
        if connection.is_broken_off:
            raise TimeoutError from None
        raise
    finally:
        watch.cancel()
        connection.close()
    text = answer.decode(errors="replace").replace("\0", "")
    if 200 <= response.status < 300:
        return Outcome(response.status)
    if 300 <= response.status < 400:
        text = _("The endpoint sends elsewhere, which isn't followed.")
    after = response.getheader("Retry-After", "")
    return Outcome(
        response.status,
        text or response.reason,
        retry_after=int(after) if after.isdecimal() and len(after) < 7 else 0,
    )


class _Pinned(http.client.HTTPConnection):
    """A connection to addresses that were looked at, under the name of the host.

    The name is what is in the Host header, what is asked for in the handshake, and
    what the certificate has to be for.
    """

    def __init__(
        self, host: str, port: int, addresses: Sequence[str], is_secure: bool
    ) -> None:
        super().__init__(host, port, timeout=app_settings.WEBHOOK_TIMEOUT)
        self.addresses = addresses
        self.is_secure = is_secure
        self.is_broken_off = False
        # What http.client leaves out of the Host header.
        self.default_port = 443 if is_secure else 80  # type: ignore[misc]

    def connect(self) -> None:
        self.sock = self._reach()
        if self.is_secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def break_off(self) -> None:
        """End it from another thread, whatever it is waiting for."""
        self.is_broken_off = True
        if (sock := self.sock) is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _reach(self) -> socket.socket:
        *others, last = self.addresses
        for address in others:
            try:
                return socket.create_connection((address, self.port), self.timeout)
            except OSError:
                continue
        return socket.create_connection((last, self.port), self.timeout)
