"""What a site includes, at whatever address it likes, for its members."""

from __future__ import annotations

from django.urls import path

from .views import claims

app_name = "wagtail_gamification"

urlpatterns = [
    path("claim/", claims.ClaimView.as_view(), name="claim"),
    path("claimed/<uuid:uuid>/", claims.ClaimedView.as_view(), name="claimed"),
]
