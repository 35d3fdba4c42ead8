"""The addresses of players."""

from __future__ import annotations

from django.urls import path

from wagtail_gamification.cms.giving import views as giving
from wagtail_gamification.cms.giving.award import AwardView
from wagtail_gamification.cms.privacy import views as privacy

from . import base, index, player, records, users

app_name = base.NAMESPACE

urlpatterns = [
    path("", index.PlayerIndexView.as_view(), name="index"),
    path(
        "results/",
        index.PlayerIndexView.as_view(results_only=True),
        name="index_results",
    ),
    path("user/<str:user>/", users.PlayerOfUserView.as_view(), name="of_user"),
    path("<int:pk>/", player.PlayerView.as_view(), name="player"),
    path("<int:pk>/shelf/", player.ShelfView.as_view(), name="shelf"),
    path("<int:pk>/award/", AwardView.as_view(), name="award"),
    path("<int:pk>/revoke/<int:badge>/", giving.RevokeView.as_view(), name="revoke"),
    path("<int:pk>/adjust-points/", giving.AdjustView.as_view(), name="adjust"),
    path("<int:pk>/reset/", giving.ResetView.as_view(), name="reset"),
    path("<int:pk>/export/", privacy.ExportView.as_view(), name="export"),
    path("<int:pk>/erase/", privacy.EraseView.as_view(), name="erase"),
    path("<int:pk>/ledger/", records.LedgerView.as_view(), name="ledger"),
    path(
        "<int:pk>/ledger/results/",
        records.LedgerView.as_view(results_only=True),
        name="ledger_results",
    ),
    path("<int:pk>/awards/", records.AwardsView.as_view(), name="awards"),
    path(
        "<int:pk>/awards/results/",
        records.AwardsView.as_view(results_only=True),
        name="awards_results",
    ),
]
