"""What all tags of this app have in common."""

from __future__ import annotations

import inspect
import logging
from typing import Any, ClassVar

from django import template
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wagtail_gamification import catalogue
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.fragments import Fragment, PlayerKey
from wagtail_gamification.shelf import ShelfReader

from .engine import given_to_all, render_template

logger = logging.getLogger("wagtail_gamification")

_READERS = "_gamification_readers"


class ShelfNode(template.Node):
    """A tag that shows what a player has, or gives it to the template with ``as``.

    A subclass names its ``template_name`` and reads its data in :meth:`read`, whose
    parameters are the tag's arguments. Besides them, every tag takes ``user=``, which
    is the request's user where it is left out, ``viewer=``, who looks, which is always
    the request's user unless said otherwise, and ``lazy=True``, which puts a
    placeholder in its place that loads it for whoever visits the page. Blocks and other
    template languages show the same through :meth:`show`.
    """

    template_name: ClassVar[str]
    label: ClassVar[Any] = _("Badges and points")
    """What a link to it says, where it is loaded by itself."""

    is_for_everybody: ClassVar[bool] = False
    """Whether it shows the same to all visitors: then nobody is asked who looks, and
    a cache may keep the page."""

    def __init__(
        self,
        tag: str,
        arguments: dict[str, FilterExpression] | None = None,
        variable: str | None = None,
    ) -> None:
        self.tag = tag
        self.arguments = arguments or {}
        self.variable = variable

    def read(self, reader: ShelfReader, **arguments: Any) -> Any:
        """Give the data, or None where there is nothing to show."""
        raise NotImplementedError

    def context(self, data: Any, **arguments: Any) -> dict[str, Any]:
        """Give what the tag's template gets."""
        raise NotImplementedError

    @classmethod
    def handle(cls, parser: Parser, token: Token) -> ShelfNode:
        """Compile the tag.

        :raises TemplateSyntaxError: for arguments that the tag doesn't have
        """
        tag, *bits = token.split_contents()
        variable = None
        if len(bits) >= 2 and bits[-2] == "as":
            variable = bits[-1]
            bits = bits[:-2]
        arguments = cls._parse(tag, bits, parser)
        if variable is not None and "lazy" in arguments:
            raise template.TemplateSyntaxError(
                f"{{% {tag} %}} with lazy= has no data yet to put into {variable}."
            )
        return cls(tag, arguments, variable)

    def render(self, context: template.Context) -> str:
        arguments = {
            name: expression.resolve(context)
            for name, expression in self.arguments.items()
        }
        request = context.get("request")
        if arguments.pop("lazy", False):
            return self._placeholder(request, arguments)
        data = self.find(request, arguments)
        if self.variable is not None:
            context[self.variable] = data
            return ""
        if data is None:
            return ""
        return self._render_template(context, self._values(data, arguments))

    def find(self, request: Any, arguments: dict[str, Any]) -> Any:
        """Give the data, or None where there is nothing to show."""
        arguments = {**arguments}
        anybody = AnonymousUser() if self.is_for_everybody else _FROM_REQUEST
        user = arguments.pop("user", anybody)
        viewer = arguments.pop("viewer", anybody)
        try:
            return self.read(_reader(request, user, viewer), **arguments)
        except UnknownDefinition as error:
            if settings.DEBUG:
                raise
            logger.warning("{%% %s %%}: %s", self.tag, error)
            return None

    def show(self, request: Any, arguments: dict[str, Any]) -> SafeString:
        """Give the HTML for a page that isn't a Django template."""
        arguments = {**arguments}
        if arguments.pop("lazy", False):
            return self._placeholder(request, arguments)
        data = self.find(request, arguments)
        if data is None:
            return SafeString("")
        values = self._values(data, arguments)
        return render_template(self.template_name, request, values)

    def _placeholder(self, request: Any, arguments: dict[str, Any]) -> SafeString:
        """Give what stands on the page until the tag is loaded for its visitor."""
        values = {
            "tag": self.tag,
            "size": arguments.get("size", "medium"),
            "label": arguments.get("heading") or self.label,
            "url": Fragment.of(self.tag, request, arguments).url,
        }
        name = "wagtail_gamification/fragments/placeholder.html"
        # Without the request: nothing here is the visitor's.
        return render_template(name, None, values)

    def _values(self, data: Any, arguments: dict[str, Any]) -> dict[str, Any]:
        own = {name: value for name, value in arguments.items() if name not in _PERSONS}
        return self.context(data, **own)

    def _render_template(
        self, context: template.Context, values: dict[str, Any]
    ) -> str:
        engine = context.template.engine
        loaded = context.render_context.get(self)
        if loaded is None:
            loaded = context.render_context[self] = engine.get_template(
                self.template_name
            )
        inner = context.new({**given_to_all(context.get("request")), **values})
        # Names are what editors typed, also where the page around is plain text.
        inner.autoescape = True
        return loaded.render(inner)

    @classmethod
    def _parse(
        cls, tag: str, bits: list[str], parser: Parser
    ) -> dict[str, FilterExpression]:
        parameters = list(inspect.signature(cls.read).parameters.values())[2:]
        positional = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
        required = [p.name for p in parameters if p.default is p.empty]
        allowed = [*(p.name for p in parameters), "user", "viewer", "lazy"]
        arguments: dict[str, FilterExpression] = {}
        for bit in bits:
            named = token_kwargs([bit], parser)
            if not named:
                if len(arguments) >= len(positional):
                    raise template.TemplateSyntaxError(
                        f"{{% {tag} %}} doesn't understand {bit}. Its arguments are "
                        f"{_listed(allowed)}; write them as name=value."
                    )
                named = {positional[len(arguments)]: parser.compile_filter(bit)}
            [(name, value)] = named.items()
            if name not in allowed:
                raise template.TemplateSyntaxError(
                    f"{{% {tag} %}} has no argument {name}=. Its arguments are "
                    f"{_listed(allowed)}."
                )
            if name in arguments:
                raise template.TemplateSyntaxError(f"{{% {tag} %}} got {name}= twice.")
            arguments[name] = value
        for name in required:
            if name not in arguments:
                raise template.TemplateSyntaxError(
                    f'{{% {tag} %}} needs a {name}: {{% {tag} "…" %}}.'
                )
        return arguments


_FROM_REQUEST = object()
_PERSONS = ("user", "viewer")


def reader_for(request: Any) -> ShelfReader:
    """Give the reader of the request's own user, which the page's tags share."""
    return _reader(request, _FROM_REQUEST, _FROM_REQUEST)


def _reader(request: Any, user: Any, viewer: Any) -> ShelfReader:
    """Give the reader that serves this player on the whole page.

    Without a request nobody is known to look, so only public players are shown
    unless ``viewer`` says who it is for, as in an e-mail.
    """
    if user is _FROM_REQUEST or viewer is _FROM_REQUEST or not viewer:
        visitor = getattr(request, "user", None) or AnonymousUser()
        user = visitor if user is _FROM_REQUEST else user
        viewer = visitor if viewer is _FROM_REQUEST or not viewer else viewer
    language = catalogue.active_language()
    if request is None:
        return ShelfReader(_found(user), viewer=viewer, language=language)
    readers = request.__dict__.setdefault(_READERS, {})
    key = (language, _identity(user), _identity(viewer))
    if key not in readers:
        readers[key] = ShelfReader(_found(user), viewer=viewer, language=language)
    return readers[key]


def _found(user: Any) -> Any:
    return user.find() if isinstance(user, PlayerKey) else user


def _identity(player: Any) -> tuple[str, Any]:
    label = getattr(getattr(player, "_meta", None), "label", type(player).__name__)
    return label, getattr(player, "pk", None) or str(player)


def _listed(names: list[str]) -> str:
    return ", ".join(names)


def headed(heading: str | None, label: str) -> dict[str, str]:
    """Give the section's name, and the heading to see: an empty one shows none."""
    return {"label": heading or label, "heading": label if heading is None else heading}


def whole_number(value: Any) -> Any:
    """Read ``limit="6"`` as the number that is meant."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value
