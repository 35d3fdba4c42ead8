"""The events that every site has. ``WAGTAIL_GAMIFICATION_EVENTS`` switches them off."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wagtail_gamification.conf import BUILT_IN_EVENTS, app_settings

from .event import Event

_members = _("Members")
_editors = _("Editors")
_gamification = _("Gamification")

signed_up = Event(
    "signed_up", _("Signs up"), icon="user", category=_members, once_per="player"
)
logged_in = Event("logged_in", _("Logs in"), icon="login", category=_members)
visited = Event("visited", _("Visits the site"), icon="view", category=_members)
form_submitted = Event(
    "form_submitted",
    _("Submits a form"),
    icon="form",
    target_model="wagtailcore.Page",
    category=_members,
)
page_published = Event(
    "page_published",
    _("Publishes a page"),
    icon="doc-full",
    target_model="wagtailcore.Page",
    category=_editors,
)
comment_added = Event(
    "comment_added",
    _("Comments on a page"),
    icon="comment",
    target_model="wagtailcore.Page",
    category=_editors,
)
# What follows from other events. Each counts once: a badge by its award, a level and
# an unlockable by the first time, so that what they pay can't go on for ever.
points_reached = Event(
    "points_reached", _("Gets points"), category=_gamification, is_countable=False
)
badge_earned = Event(
    "badge_earned",
    _("Earns a badge"),
    icon="gamification-badge",
    target_model="wagtail_gamification.BadgeDefinition",
    category=_gamification,
)
level_reached = Event(
    "level_reached",
    _("Reaches a level"),
    icon="gamification-level",
    target_model="wagtail_gamification.Level",
    category=_gamification,
    once_per="object",
)
unlockable_unlocked = Event(
    "unlockable_unlocked",
    _("Unlocks something"),
    icon="gamification-unlockable",
    target_model="wagtail_gamification.UnlockableDefinition",
    category=_gamification,
    once_per="object",
)
# Nobody is active for having been given something.
FOLLOWING = frozenset(
    event.code
    for event in (points_reached, badge_earned, level_reached, unlockable_unlocked)
)


def is_switched_on(code: str) -> bool:
    """Whether an event is recorded: a site's own always is."""
    return code not in BUILT_IN_EVENTS or code in app_settings.EVENTS
