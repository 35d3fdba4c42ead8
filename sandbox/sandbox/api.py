"""The demo's pages, badges and boards for programs, at /api/v2/ and /api/v3/."""

from django.urls import path
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

from wagtail_gamification.api.v2 import register_endpoints
from wagtail_gamification.compat import HAS_API_V3

api_router = WagtailAPIRouter("wagtailapi")
api_router.register_endpoint("pages", PagesAPIViewSet)
register_endpoints(api_router)

api_urls = [path("api/v2/", api_router.urls)]

if HAS_API_V3:
    from wagtail.api.v3.urls import api

    from wagtail_gamification.api.v3 import register_routers

    register_routers(api)
    api_urls.append(path("api/v3/", api.urls))
