"""The blocks that editors put into a StreamField to show what players have.

Each shows the same as the template tag of its name, through the same template.
"""

from .base import GamificationBlock, TagBlock

__all__ = ["GamificationBlock", "TagBlock"]
