"""What a part of a page shows that is loaded by itself, as an address says it.

The page around may be everybody's and come from a cache. So what the part shows is
decided when it is asked for: for whoever asks, in the page's language. Which tag it is
and with which arguments is signed, so that nobody asks for anything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.signing import BadSignature, Signer
from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

from .catalogue.entries import ShelfCategory
from .models import GamificationInterface

# With another version, addresses of before lead nowhere. Pages in caches hold them, so
# it changes only where their content would be misread.
_SALT = "wagtail_gamification.fragment.1"


class PlayerKey(NamedTuple):
    """A player who hasn't been looked up yet."""

    kind: str
    """``user``, ``interface``, or ``nobody``."""

    key: str = ""

    @classmethod
    def of(cls, player: Any) -> PlayerKey:
        """Say who is meant by ``user=``.

        :raises ValueError: where that is neither a user nor an interface
        """
        if isinstance(player, PlayerKey):
            return player
        if isinstance(player, GamificationInterface):
            return cls("interface", str(player.pk))
        if isinstance(player, get_user_model()):
            return cls("user", str(player.pk))
        if not player or hasattr(player, "is_authenticated"):
            return cls("nobody")
        raise ValueError(f"{player!r} is neither a user nor a gamification interface.")

    def find(self) -> Any:
        """Look the player up: None where there is none, or no such one any more."""
        model: type[Model]
        if self.kind == "user":
            model = get_user_model()
        elif self.kind == "interface":
            model = GamificationInterface
        else:
            return None
        return model._default_manager.filter(pk=self.key).first()


@dataclass(frozen=True, kw_only=True)
class Fragment:
    """A tag with its arguments, for later."""

    tag: str
    arguments: Mapping[str, Any]
    language: str
    player: PlayerKey | None = None
    """Whose things are shown; None for whoever asks."""

    @classmethod
    def of(cls, tag: str, request: Any, arguments: Mapping[str, Any]) -> Fragment:
        """Take the arguments of a tag, without a look at who visits the page.

        :raises ValueError: where one of them can't be kept in an address
        """
        arguments = {**arguments}
        if "viewer" in arguments:
            raise ValueError(
                f"{tag} can't be loaded separately with viewer=: that is whoever "
                "loads it."
            )
        player = None
        if "user" in arguments:
            user = arguments.pop("user")
            # The visitor's own, and not even asked who that is: that would make the
            # page theirs.
            if user is None or user is not getattr(request, "user", None):
                player = PlayerKey.of(user)
        return cls(
            tag=tag,
            arguments={
                name: _packed(value, tag, name) for name, value in arguments.items()
            },
            language=get_language() or "",
            player=player,
        )

    @classmethod
    def read(cls, token: str) -> Fragment:
        """Read what :attr:`token` wrote.

        :raises BadSignature: where somebody else has written it
        """
        try:
            tag, arguments, language, player = Signer(salt=_SALT).unsign_object(token)
        except BadSignature:
            raise
        except Exception as error:  # What is cut off can't be unpacked either.
            raise BadSignature("This isn't a fragment.") from error
        return cls(
            tag=tag,
            arguments=arguments,
            language=language,
            player=PlayerKey(*player) if player else None,
        )

    @property
    def token(self) -> str:
        """This fragment as a text, signed: always the same one."""
        return Signer(salt=_SALT).sign_object(
            [self.tag, self.arguments, self.language, self.player], compress=True
        )

    @property
    def url(self) -> str:
        """The address of the page that shows it.

        :raises ImproperlyConfigured: where the site doesn't include our addresses
        """
        try:
            address = reverse("wagtail_gamification:fragment")
        except NoReverseMatch as error:
            raise ImproperlyConfigured(
                "What is loaded separately needs an address: include "
                "wagtail_gamification.urls in the site's URLs."
            ) from error
        return f"{address}?{urlencode({'of': self.token})}"

    @property
    def tag_arguments(self) -> dict[str, Any]:
        """What the tag gets, when it is shown."""
        found = {name: _unpacked(value) for name, value in self.arguments.items()}
        if self.player is not None:
            found["user"] = self.player
        return found


def _packed(value: Any, tag: str, name: str) -> Any:
    """Give an argument as JSON has it."""
    if isinstance(value, Promise | str):
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Model) and hasattr(value, "state_id"):
        return value.state_id
    if isinstance(value, ShelfCategory):
        return value.definition_id
    raise ValueError(
        f"{tag} can't be loaded separately with {name}={value!r}. Give it a text, a "
        "number, a date or a definition."
    )


def _unpacked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    [(kind, text)] = value.items()
    return (datetime if kind == "datetime" else date).fromisoformat(text)
