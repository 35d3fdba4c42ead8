"""What a site includes, at whatever address it likes, for its members."""

from __future__ import annotations

from django.urls import path

from .views import awards, claims, fragments, nominations, notices, profiles, unlock

app_name = "wagtail_gamification"

urlpatterns = [
    path("fragment/", fragments.FragmentView.as_view(), name="fragment"),
    path("claim/", claims.ClaimView.as_view(), name="claim"),
    path("claimed/<uuid:uuid>/", claims.ClaimedView.as_view(), name="claimed"),
    path("nominate/<slug:slug>/", nominations.NominateView.as_view(), name="nominate"),
    path(
        "nominate/<slug:slug>/<int:player>/",
        nominations.NominatePlayerView.as_view(),
        name="nominate_player",
    ),
    path(
        "nominated/<slug:slug>/",
        nominations.NominatedView.as_view(),
        name="nominated",
    ),
    # Slugs may have letters of any alphabet.
    path("unlock/<str:slug>/", unlock.UnlockView.as_view(), name="unlock"),
    path("unlocked/<str:slug>/", unlock.UnlockedView.as_view(), name="unlocked"),
    path("settings/", profiles.PlayerSettingsView.as_view(), name="settings"),
    path("players/<uuid:public_id>/", profiles.ProfileView.as_view(), name="profile"),
    path("awards/", awards.AwardsView.as_view(), name="awards"),
    path("awards/<uuid:uuid>/", awards.AwardView.as_view(), name="award"),
    path(
        "awards/<uuid:uuid>/image.png",
        awards.AwardImageView.as_view(),
        name="award_image",
    ),
    path("notices/", notices.NoticesView.as_view(), name="notices"),
    path("notices/new/", notices.NewNoticesView.as_view(), name="new_notices"),
    path("notices/read/", notices.ReadNoticesView.as_view(), name="read_notices"),
    path(
        "notices/<int:pk>/read/",
        notices.ReadNoticesView.as_view(),
        name="read_notice",
    ),
    path(
        "digest/stop/<str:token>/",
        notices.StopDigestView.as_view(),
        name="stop_digest",
    ),
]
