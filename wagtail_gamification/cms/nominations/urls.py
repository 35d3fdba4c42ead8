"""The addresses of nominations in the CMS."""

from __future__ import annotations

from django.urls import path

from . import decide, queue

app_name = queue.NAMESPACE

urlpatterns = [
    path("", queue.NominationReport.as_view(), name="index"),
    path(
        "results/",
        queue.NominationReport.as_view(results_only=True),
        name="index_results",
    ),
    path("<int:pk>/", decide.NominationView.as_view(), name="nomination"),
]
