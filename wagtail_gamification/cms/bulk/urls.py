"""The addresses of bulk awards."""

from __future__ import annotations

from django.urls import path

from . import base, from_list, jobs, lists

app_name = base.NAMESPACE

urlpatterns = [
    path("", lists.JobsReport.as_view(), name="index"),
    path("results/", lists.JobsReport.as_view(results_only=True), name="index_results"),
    path("list/", from_list.ListView.as_view(), name="list"),
    path("<uuid:uuid>/check/", from_list.CheckView.as_view(), name="check"),
    path("<uuid:uuid>/discard/", from_list.DiscardView.as_view(), name="discard"),
    path("<uuid:uuid>/", jobs.JobPage.as_view(), name="job"),
    path("<uuid:uuid>/status/", jobs.StatusView.as_view(), name="status"),
    path("<uuid:uuid>/go-on/", jobs.GoOnView.as_view(), name="go_on"),
    path("<uuid:uuid>/undo/", jobs.UndoView.as_view(), name="undo"),
    path("<uuid:uuid>/players/", lists.PlayersReport.as_view(), name="players"),
    path(
        "<uuid:uuid>/players/results/",
        lists.PlayersReport.as_view(results_only=True),
        name="players_results",
    ),
]
