"""The addresses of what a badge leads to."""

from __future__ import annotations

from django.urls import path

from . import award, base, earners

app_name = base.NAMESPACE

urlpatterns = [
    path("<int:pk>/players/", earners.EarnerReport.as_view(), name="earners"),
    path(
        "<int:pk>/players/results/",
        earners.EarnerReport.as_view(results_only=True),
        name="earners_results",
    ),
    path("<int:pk>/award/", award.AwardView.as_view(), name="award"),
]
