"""How the tags around what only some players see are written in Jinja2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import nodes
from jinja2.parser import Parser

if TYPE_CHECKING:
    from .extension import GamificationExtension


def parse_gate(
    extension: GamificationExtension, parser: Parser, tag: str, lineno: int
) -> nodes.If:
    """Compile ``{% ifunlocked "slug" %}…{% else %}…{% endifunlocked %}``.

    :raises TemplateSyntaxError: for arguments that the tag doesn't have
    """
    arguments, variable = extension.read_arguments(parser, tag)
    if variable is not None or "lazy" in arguments:
        parser.fail(f"{tag} has neither as nor lazy=.", lineno)
    pairs = [nodes.Pair(nodes.Const(name), value) for name, value in arguments.items()]
    test = extension.call_method(
        "is_open", [nodes.ContextReference(), nodes.Const(tag), nodes.Dict(pairs)]
    )
    end = f"name:end{tag}"
    opened = parser.parse_statements(("name:else", end))
    closed: list[nodes.Node] = []
    if next(parser.stream).test("name:else"):
        closed = parser.parse_statements((end,), drop_needle=True)
    return nodes.If(test, opened, [], closed, lineno=lineno)
