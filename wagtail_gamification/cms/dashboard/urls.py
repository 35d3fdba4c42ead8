"""The address of the dashboard."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = views.NAMESPACE

urlpatterns = [path("", views.DashboardView.as_view(), name="index")]
