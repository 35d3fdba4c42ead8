"""The tags around what only some players see: ``{% ifunlocked "slug" %}``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token

from wagtail_gamification.shelf import GateKind, ShelfReader
from wagtail_gamification.shelf.gates import numbered_level_gate, open_gate

from .nodes import ShelfNode


class IfUnlocked(ShelfNode):
    """Whether the player has unlocked something."""

    def read(self, reader: ShelfReader, slug: str) -> bool:
        return open_gate(reader, GateKind.UNLOCKABLE, str(slug)).is_open


class IfBadge(ShelfNode):
    """Whether the player has a badge that counts now."""

    def read(self, reader: ShelfReader, slug: str) -> bool:
        return open_gate(reader, GateKind.BADGE, str(slug)).is_open


class IfLevel(ShelfNode):
    """Whether the player has reached a level: its number from 1 up, or its slug."""

    def read(self, reader: ShelfReader, level: Any) -> bool:
        if isinstance(level, int) or str(level).isdecimal():
            return numbered_level_gate(reader, int(level)).is_open
        return open_gate(reader, GateKind.LEVEL, str(level)).is_open


CONDITIONS: dict[str, type[ShelfNode]] = {
    "ifunlocked": IfUnlocked,
    "ifbadge": IfBadge,
    "iflevel": IfLevel,
}


class GateNode(template.Node):
    """One of two parts of a template. The other one isn't rendered at all.

    An unknown slug closes the gate, and is an error in ``DEBUG``.
    """

    child_nodelists = ("opened", "closed")

    def __init__(self, condition: ShelfNode, opened: NodeList, closed: NodeList):
        self.condition = condition
        self.opened = opened
        self.closed = closed

    def render(self, context: template.Context) -> str:
        arguments = {
            name: expression.resolve(context)
            for name, expression in self.condition.arguments.items()
        }
        is_open = self.condition.find(context.get("request"), arguments)
        return (self.opened if is_open else self.closed).render(context)


def gate(condition: type[ShelfNode]) -> Callable[[Parser, Token], GateNode]:
    """Give what compiles a tag with this condition."""

    def compile_gate(parser: Parser, token: Token) -> GateNode:
        tag, *bits = token.split_contents()
        arguments = condition._parse(tag, bits, parser)
        if "lazy" in arguments:
            raise template.TemplateSyntaxError(
                f"{{% {tag} %}} has no lazy=: what it hides is part of the page."
            )
        end = f"end{tag}"
        opened = parser.parse(("else", end))
        closed = NodeList()
        if parser.next_token().contents == "else":
            closed = parser.parse((end,))
            parser.delete_first_token()
        return GateNode(condition(tag, arguments), opened, closed)

    return compile_gate
