"""The template tags for Jinja2, as an extension of the environment.

``{% badge_shelf category="reading" %}`` is written as in Django's templates, whatever
the environment's delimiters are, such as ``<% badge_shelf %>``.
"""

from .extension import GamificationExtension as gamification

__all__ = ["gamification"]
