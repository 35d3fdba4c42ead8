"""The demo site's addresses."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from learning.views import comment, delete_comment, finish, profile
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from .api import api_urls

urlpatterns = [
    *api_urls,
    path("admin/", include(wagtailadmin_urls)),
    path("i18n/", include("django.conf.urls.i18n")),
    path("documents/", include(wagtaildocs_urls)),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    *i18n_patterns(
        path(
            "login/", LoginView.as_view(redirect_authenticated_user=True), name="login"
        ),
        path("logout/", LogoutView.as_view(), name="logout"),
        path("profile/", profile, name="profile"),
        path("finish/<int:lesson_id>/", finish, name="finish_lesson"),
        path("comment/<int:lesson_id>/", comment, name="comment"),
        path("comment/<int:comment_id>/delete/", delete_comment, name="delete_comment"),
        path("badges/", include("wagtail_gamification.urls")),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
