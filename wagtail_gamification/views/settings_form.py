"""What players choose, as a form that sites may extend."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_gamification.actions.change_preferences import (
    OF_INTERFACE,
    OF_PREFERENCES,
    ChangePreferencesAction,
)
from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import GamificationInterface, PlayerPreferences
from wagtail_gamification.models.preferences import Digest, ProfileSection
from wagtail_gamification.shelf import ShelfReader


class PlayerSettingsForm(forms.Form):
    """The choices of one player. Only what was changed in it is written.

    Each field brings along how it was, so that a page that was left open undoes
    nothing that was chosen elsewhere meanwhile. ``save()`` writes; a subclass adds
    fields and saves them there.
    """

    is_public = forms.BooleanField(
        label=_("Others may see my badges and points"),
        required=False,
        show_hidden_initial=True,
    )
    on_boards = forms.BooleanField(
        label=_("I take part in leaderboards"),
        required=False,
        show_hidden_initial=True,
    )
    has_profile = forms.BooleanField(
        label=_("I have a public page"),
        required=False,
        show_hidden_initial=True,
        help_text=_("Anybody can open it, as long as others may see your badges."),
    )
    profile_sections = forms.MultipleChoiceField(
        label=_("What my page shows"),
        required=False,
        show_hidden_initial=True,
        choices=ProfileSection.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    hidden_badges = forms.TypedMultipleChoiceField(
        label=_("Badges that I hide"),
        required=False,
        show_hidden_initial=True,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody else sees these, wherever badges are shown."),
    )
    digest = forms.ChoiceField(
        label=_("News by e-mail"),
        required=False,
        show_hidden_initial=True,
        choices=Digest.choices,
    )

    def __init__(
        self, *args: Any, player: GamificationInterface, **kwargs: Any
    ) -> None:
        self.player = player
        preferences = (
            PlayerPreferences.objects.filter(interface=player).first()
            or PlayerPreferences()
        )
        badges = [
            badge
            for badge in ShelfReader(player).shelf()
            if badge.is_earned or badge.is_in_progress or badge.is_expired
        ]
        initial = {name: getattr(player, name) for name in OF_INTERFACE}
        initial |= {name: getattr(preferences, name) for name in OF_PREFERENCES}
        initial["hidden_badges"] = [
            badge.definition_id for badge in badges if badge.is_hidden
        ]
        kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["hidden_badges"].choices = [
            (badge.definition_id, badge.name) for badge in badges
        ]
        if not badges:
            del self.fields["hidden_badges"]
        if not app_settings.PROFILES:
            del self.fields["has_profile"], self.fields["profile_sections"]

    def save(self) -> None:
        """Write what was changed.

        :raises PlayerIsShared: where several users have this player
        """
        changed = set(self.changed_data)
        before: set[int] = set()
        hidden: set[int] = set()
        if "hidden_badges" in changed:
            hidden = set(self.cleaned_data["hidden_badges"])
            before = self._hidden_before()
        ChangePreferencesAction(
            self.player,
            {
                name: self.cleaned_data[name]
                for name in (*OF_INTERFACE, *OF_PREFERENCES)
                if name in changed
            },
            hide=hidden - before,
            show=before - hidden,
        ).execute()

    def _hidden_before(self) -> set[int]:
        """Give what was hidden when the form was opened, as it says itself."""
        name = self.add_initial_prefix("hidden_badges")
        widget = self.fields["hidden_badges"].hidden_widget()
        values = widget.value_from_datadict(self.data, self.files, name) or []
        return {int(value) for value in values if str(value).isdecimal()}
