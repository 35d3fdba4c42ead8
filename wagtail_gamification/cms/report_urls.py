"""The addresses of our reports."""

from __future__ import annotations

from django.urls import path

from . import failures, reports, retroactive
from .reporting.awards import AwardReport
from .reporting.badges import RarityReport, UnusedReport
from .reporting.ledger import LedgerReport

app_name = reports.NAMESPACE

urlpatterns = [
    path("awards/", AwardReport.as_view(), name="awards"),
    path(
        "awards/results/", AwardReport.as_view(results_only=True), name="awards_results"
    ),
    path("ledger/", LedgerReport.as_view(), name="ledger"),
    path(
        "ledger/results/",
        LedgerReport.as_view(results_only=True),
        name="ledger_results",
    ),
    path("rarity/", RarityReport.as_view(), name="rarity"),
    path(
        "rarity/results/",
        RarityReport.as_view(results_only=True),
        name="rarity_results",
    ),
    path("unused/", UnusedReport.as_view(), name="unused"),
    path(
        "unused/results/",
        UnusedReport.as_view(results_only=True),
        name="unused_results",
    ),
    path("failures/", failures.FailureReport.as_view(), name="failures"),
    path(
        "failures/results/",
        failures.FailureReport.as_view(results_only=True),
        name="failures_results",
    ),
    path(
        "failures/<int:pk>/again/",
        failures.TryAgainView.as_view(),
        name="try_again",
    ),
    path("retroactive/", retroactive.RetroactiveReport.as_view(), name="retroactive"),
    path(
        "retroactive/results/",
        retroactive.RetroactiveReport.as_view(results_only=True),
        name="retroactive_results",
    ),
    path(
        "retroactive/<uuid:uuid>/",
        retroactive.ProgressPage.as_view(),
        name="retroactive_detail",
    ),
    path(
        "retroactive/<uuid:uuid>/status/",
        retroactive.StatusView.as_view(),
        name="retroactive_status",
    ),
    path(
        "retroactive/<uuid:uuid>/go-on/",
        retroactive.GoOnView.as_view(),
        name="retroactive_go_on",
    ),
]
