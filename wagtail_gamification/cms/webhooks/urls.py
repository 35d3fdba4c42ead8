"""The addresses of web hooks in the CMS, besides those of their forms."""

from __future__ import annotations

from django.urls import path

from . import base, deliveries, secret

app_name = base.NAMESPACE

urlpatterns = [
    path("", deliveries.DeliveryReport.as_view(), name="deliveries"),
    path(
        "results/",
        deliveries.DeliveryReport.as_view(results_only=True),
        name="deliveries_results",
    ),
    path("<int:pk>/", deliveries.DeliveryView.as_view(), name="delivery"),
    path("<int:pk>/again/", deliveries.SendAgainView.as_view(), name="send_again"),
    path("secret/<int:pk>/", secret.SecretView.as_view(), name="secret"),
    path("secret/<int:pk>/rotate/", secret.RotateView.as_view(), name="rotate"),
]
