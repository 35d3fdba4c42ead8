"""The same models in Django's admin, on sites that have it installed.

Nothing else imports this module; Django's admin does, where it is there.
"""

from . import records, rules
from .definitions import clean_rich_text

__all__ = ["clean_rich_text", "records", "rules"]
