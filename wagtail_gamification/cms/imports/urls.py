"""The addresses of an import."""

from __future__ import annotations

from django.urls import path

from wagtail_gamification.cms.spreadsheets import TemplateDownloadView

from . import base, files, history, matching, pages, preview, undo, upload

app_name = base.NAMESPACE

urlpatterns = [
    path("", history.HistoryView.as_view(), name="index"),
    path(
        "results/",
        history.HistoryView.as_view(results_only=True),
        name="index_results",
    ),
    path("add/", upload.UploadView.as_view(), name="add"),
    path("template/<str:workbook>/", TemplateDownloadView.as_view(), name="template"),
    path("match/<uuid:uuid>/", matching.MatchView.as_view(), name="match"),
    path("check/<uuid:uuid>/", pages.CheckView.as_view(), name="check"),
    path("detail/<uuid:uuid>/", pages.DetailView.as_view(), name="detail"),
    path("status/<uuid:uuid>/", pages.StatusView.as_view(), name="status"),
    path("run/<uuid:uuid>/", preview.RunView.as_view(), name="run"),
    path("again/<uuid:uuid>/", pages.AgainView.as_view(), name="again"),
    path("undo/<uuid:uuid>/", undo.UndoView.as_view(), name="undo"),
    path("refused/<uuid:uuid>/", files.RefusedView.as_view(), name="refused"),
    path(
        "thumbnail/<uuid:uuid>/<int:position>/",
        files.ThumbnailView.as_view(),
        name="thumbnail",
    ),
]
