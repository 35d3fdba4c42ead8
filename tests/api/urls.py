"""A site that has an endpoint of its own with badges in it."""

from django.urls import path
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import BaseAPIViewSet

from tests.urls import urlpatterns as site_patterns
from wagtail_gamification.api.v2 import register_endpoints
from wagtail_gamification.models import Badge


class SpotlightsAPIViewSet(BaseAPIViewSet):
    """What a site would write for a model that refers to a badge."""

    name = "spotlights"
    model = Badge
    body_fields = ["id", "badge_definition"]


api_router = WagtailAPIRouter("own_api")
register_endpoints(api_router)
api_router.register_endpoint("spotlights", SpotlightsAPIViewSet)

urlpatterns = [path("own/", api_router.urls), *site_patterns]
