"""Where blocks, fragments and other template languages find the tags."""

from __future__ import annotations

from .nodes import ShelfNode


def shelf_tags() -> dict[str, type[ShelfNode]]:
    """Give the class of each tag that shows what players have, by its name."""
    from .gamification_tags import register

    found = {}
    for name, handle in register.tags.items():
        node = getattr(handle, "__self__", None)
        if isinstance(node, type) and issubclass(node, ShelfNode):
            found[name] = node
    return found


def node_of(tag: str) -> ShelfNode:
    """Give a tag to show outside Django's templates.

    :raises KeyError: where there is no such tag
    """
    return shelf_tags()[tag](tag)
