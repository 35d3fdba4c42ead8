"""How a tag is read and written in Jinja2."""

from __future__ import annotations

import inspect
from typing import Any

from django.utils.safestring import SafeString
from jinja2 import nodes
from jinja2.environment import Environment
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from markupsafe import Markup

from wagtail_gamification.templatetags.gate_nodes import CONDITIONS
from wagtail_gamification.templatetags.nodes import ShelfNode
from wagtail_gamification.templatetags.tags import shelf_tags

from .gates import parse_gate


class GamificationExtension(Extension):
    """Every tag that shows what players have, and the links in the ``<head>``."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.shelf_tags = shelf_tags()
        self.tags = {*self.shelf_tags, *_LINKS, *CONDITIONS}

    def parse(self, parser: Parser) -> nodes.Node | list[nodes.Node]:
        """Compile the tag.

        :raises TemplateSyntaxError: for arguments that the tag doesn't have
        """
        token = next(parser.stream)
        tag = token.value
        if tag in _LINKS:
            call = self.call_method("link", [nodes.Const(tag)])
            return nodes.Output([call], lineno=token.lineno)
        if tag in CONDITIONS:
            return parse_gate(self, parser, tag, token.lineno)
        arguments, variable = self.read_arguments(parser, tag)
        is_data = variable is not None
        call = self.call_method(
            "show",
            [
                nodes.ContextReference(),
                nodes.Const(tag),
                nodes.Dict(
                    [
                        nodes.Pair(nodes.Const(name), value)
                        for name, value in arguments.items()
                    ]
                ),
                nodes.Const(is_data),
            ],
        )
        if variable is None:
            return nodes.Output([call], lineno=token.lineno)
        target = nodes.Name(variable, "store", lineno=token.lineno)
        return nodes.Assign(target, call, lineno=token.lineno)

    def show(
        self, context: Context, tag: str, arguments: dict[str, Any], is_data: bool
    ) -> Any:
        """Give what the tag shows, or with ``as`` its data."""
        request = context.get("request")
        if is_data:
            node = self.shelf_tags[tag](tag, variable="data")
            return node.find(request, arguments)
        return _markup(self.shelf_tags[tag](tag).show(request, arguments))

    def link(self, tag: str) -> Markup:
        """Give the stylesheets or the scripts."""
        from wagtail_gamification.templatetags import gamification_tags

        return _markup(getattr(gamification_tags, tag)())

    def is_open(self, context: Context, tag: str, arguments: dict[str, Any]) -> bool:
        """Say which of two parts of the template is rendered."""
        condition = CONDITIONS[tag](tag)
        return bool(condition.find(context.get("request"), arguments))

    def read_arguments(
        self, parser: Parser, tag: str
    ) -> tuple[dict[str, nodes.Expr], str | None]:
        """Read what stands in the tag, and the name after ``as``."""
        stream = parser.stream
        parameters = _parameters({**self.shelf_tags, **CONDITIONS}[tag])
        positional = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
        allowed = [*(p.name for p in parameters), "user", "viewer", "lazy"]
        arguments: dict[str, nodes.Expr] = {}
        variable = None
        while stream.current.type != "block_end":
            if stream.skip_if("comma"):
                continue
            if stream.skip_if("name:as"):
                variable = stream.expect("name").value
                break
            is_named = stream.current.type == "name" and stream.look().type == "assign"
            if is_named:
                name = next(stream).value
                next(stream)
            elif len(arguments) < len(positional):
                name = positional[len(arguments)]
            else:
                parser.fail(
                    f"{tag} doesn't understand {stream.current.value!r}. Its arguments "
                    f"are {', '.join(allowed)}; write them as name=value."
                )
            if name not in allowed:
                parser.fail(
                    f"{tag} has no argument {name}=. Its arguments are "
                    f"{', '.join(allowed)}."
                )
            if name in arguments:
                parser.fail(f"{tag} got {name}= twice.")
            arguments[name] = parser.parse_expression(with_condexpr=False)
        for parameter in parameters:
            if parameter.default is parameter.empty and parameter.name not in arguments:
                parser.fail(f'{tag} needs a {parameter.name}: {tag} "…".')
        if variable is not None and "lazy" in arguments:
            parser.fail(f"{tag} with lazy= has no data yet to put into {variable}.")
        return arguments, variable


_LINKS = ("gamification_stylesheet", "gamification_script")


def _parameters(node: type[ShelfNode]) -> list[inspect.Parameter]:
    return list(inspect.signature(node.read).parameters.values())[2:]


def _markup(html: SafeString) -> Markup:
    return Markup(html)  # noqa: S704 - Django has escaped it
