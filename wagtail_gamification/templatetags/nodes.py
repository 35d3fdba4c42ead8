"""What all tags of this app have in common."""

from __future__ import annotations

import inspect
import logging
from typing import Any, ClassVar

from django import template
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.safestring import SafeString

from wagtail_gamification import catalogue
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.shelf import ShelfReader

logger = logging.getLogger("wagtail_gamification")

_READERS = "_gamification_readers"


class ShelfNode(template.Node):
    """A tag that shows what a player has, or gives it to the template with ``as``.

    A subclass names its ``template_name`` and reads its data in :meth:`read`, whose
    parameters are the tag's arguments. Besides them, every tag takes ``user=``, which
    is the request's user where it is left out, and ``viewer=``, who looks, which is
    always the request's user unless said otherwise. Blocks and other template
    languages show the same through :meth:`show`.
    """

    template_name: ClassVar[str]

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
        return cls(tag, cls._parse(tag, bits, parser), variable)

    def render(self, context: template.Context) -> str:
        arguments = {
            name: expression.resolve(context)
            for name, expression in self.arguments.items()
        }
        data = self.find(context.get("request"), arguments)
        if self.variable is not None:
            context[self.variable] = data
            return ""
        if data is None:
            return ""
        return self._render_template(context, self._values(data, arguments))

    def find(self, request: Any, arguments: dict[str, Any]) -> Any:
        """Give the data, or None where there is nothing to show."""
        arguments = {**arguments}
        user = arguments.pop("user", _FROM_REQUEST)
        viewer = arguments.pop("viewer", _FROM_REQUEST)
        try:
            return self.read(_reader(request, user, viewer), **arguments)
        except UnknownDefinition as error:
            if settings.DEBUG:
                raise
            logger.warning("{%% %s %%}: %s", self.tag, error)
            return None

    def show(self, request: Any, arguments: dict[str, Any]) -> SafeString:
        """Give the HTML for a page that isn't a Django template."""
        data = self.find(request, arguments)
        if data is None:
            return SafeString("")
        values = {"request": request, **self._values(data, arguments)}
        return django_template(self.template_name).render(template.Context(values))

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
        inner = context.new({"request": context.get("request"), **values})
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
        allowed = [*(p.name for p in parameters), "user", "viewer"]
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


def django_template(name: str) -> template.Template:
    """Load one of our templates, whatever language the page around is written in."""
    for engine in engines.all():
        if isinstance(engine, DjangoTemplates):
            return engine.engine.get_template(name)
    raise ImproperlyConfigured(
        "wagtail_gamification needs DjangoTemplates among TEMPLATES, as Wagtail does."
    )


def _reader(request: Any, user: Any, viewer: Any) -> ShelfReader:
    """Give the reader that serves this player on the whole page.

    Without a request nobody is known to look, so only public players are shown
    unless ``viewer`` says who it is for, as in an e-mail.
    """
    visitor = getattr(request, "user", None) or AnonymousUser()
    user = visitor if user is _FROM_REQUEST else user
    viewer = visitor if viewer is _FROM_REQUEST or not viewer else viewer
    language = catalogue.active_language()
    if request is None:
        return ShelfReader(user, viewer=viewer, language=language)
    readers = request.__dict__.setdefault(_READERS, {})
    key = (language, _identity(user), _identity(viewer))
    if key not in readers:
        readers[key] = ShelfReader(user, viewer=viewer, language=language)
    return readers[key]


def _identity(player: Any) -> tuple[str, Any]:
    label = getattr(getattr(player, "_meta", None), "label", type(player).__name__)
    return label, getattr(player, "pk", None) or str(player)


def _listed(names: list[str]) -> str:
    return ", ".join(names)
