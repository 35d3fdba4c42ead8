"""Requirements in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from wagtail_gamification.events import describe_object, label_of
from wagtail_gamification.events.registry import registered_events
from wagtail_gamification.models.requirements import Counting

if TYPE_CHECKING:
    from wagtail_gamification.models import Requirement


def event_sentence(requirement: Requirement) -> str:
    """Say what is done, how often, within what time and with what."""
    parts = [_how_often(requirement)]
    if requirement.counting == Counting.OBJECTS:
        parts.append(_different_ones(requirement.event))
    if requirement.within_days:
        days = requirement.within_days
        parts.append(
            ngettext("within %(days)s day", "within %(days)s days", days)
            % {"days": days}
        )
    if requirement.allows_rest_days:
        parts.append(_("one missed day a week is forgiven"))
    if requirement.object_key:
        name = requirement.object_name or describe_object(requirement.object_key)
        only = (
            _("only below “%(name)s”") if requirement.is_below else _("only “%(name)s”")
        )
        parts.append(only % {"name": name})
    # Translators: joins the parts of a sentence about what a badge asks for.
    return _(", ").join(parts)


def _how_often(requirement: Requirement) -> str:
    count = requirement.target
    words = {"what": label_of(requirement.event), "count": count}
    if requirement.counting == Counting.DAYS:
        return (
            ngettext(
                "%(what)s on %(count)s day",
                "%(what)s on %(count)s different days",
                count,
            )
            % words
        )
    if requirement.counting == Counting.DAYS_IN_A_ROW:
        # Without a context, a catalogue knows one plural for this and the days above.
        return (
            npgettext(
                "days in a row",
                "%(what)s on %(count)s day",
                "%(what)s for %(count)s days in a row",
                count,
            )
            % words
        )
    if requirement.counting == Counting.WEEKS_IN_A_ROW:
        return (
            ngettext(
                "%(what)s in %(count)s week",
                "%(what)s for %(count)s weeks in a row",
                count,
            )
            % words
        )
    return ngettext("%(what)s once", "%(what)s %(count)s times", count) % words


def _different_ones(code: str) -> str:
    models = {event.code: event.target_model for event in registered_events()}
    model = models.get(code)
    if model is None:
        return _("different ones")
    return _("different %(objects)s") % {"objects": model._meta.verbose_name_plural}
