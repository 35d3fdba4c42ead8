"""The addresses of claim codes in the CMS."""

from __future__ import annotations

from django.urls import path

from . import base, claims, codes, make, sheet, switch

app_name = base.NAMESPACE

urlpatterns = [
    path("", codes.ClaimCodeReport.as_view(), name="index"),
    path(
        "results/",
        codes.ClaimCodeReport.as_view(results_only=True),
        name="index_results",
    ),
    path("add/", make.MakeCodesView.as_view(), name="add"),
    path("claims/", claims.ClaimReport.as_view(), name="claims"),
    path(
        "claims/results/",
        claims.ClaimReport.as_view(results_only=True),
        name="claims_results",
    ),
    path("batch/<uuid:batch>/", codes.BatchReport.as_view(), name="batch"),
    path(
        "batch/<uuid:batch>/results/",
        codes.BatchReport.as_view(results_only=True),
        name="batch_results",
    ),
    path("batch/<uuid:batch>/print/", sheet.SheetView.as_view(), name="sheet"),
    path(
        "batch/<uuid:batch>/deactivate/",
        switch.SwitchView.as_view(),
        name="deactivate_batch",
    ),
    path("<int:pk>/deactivate/", switch.SwitchView.as_view(), name="deactivate"),
    path(
        "<int:pk>/activate/",
        switch.SwitchView.as_view(switches_on=True),
        name="activate",
    ),
]
