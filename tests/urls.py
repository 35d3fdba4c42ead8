"""The addresses of the test site, as a multilingual Wagtail site has them."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.views import LoginView
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.documents import urls as wagtaildocs_urls

from wagtail_gamification import compat
from wagtail_gamification.api.v2 import register_endpoints

api_router = WagtailAPIRouter("api_v2")
register_endpoints(api_router)

urlpatterns = [
    path("api/v2/", api_router.urls),
    path("django-admin/", admin.site.urls),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("accounts/login/", LoginView.as_view(), name="login"),
    *i18n_patterns(
        path("badges/", include("wagtail_gamification.urls")),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]

if compat.HAS_API_V3:
    from wagtail.api.v3.urls import api

    from wagtail_gamification.api.v3 import register_routers

    register_routers(api)
    urlpatterns.insert(0, path("api/v3/", api.urls))
