"""A site whose API leaves out the pages that are closed to whoever asks."""

from django.urls import path
from wagtail.api.v2.router import WagtailAPIRouter

from tests.urls import urlpatterns as site_patterns
from wagtail_gamification.api.v2 import GatedPagesAPIViewSet

api_router = WagtailAPIRouter("gated_api")
api_router.register_endpoint("pages", GatedPagesAPIViewSet)

urlpatterns = [path("gated/", api_router.urls), *site_patterns]
