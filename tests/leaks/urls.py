"""A site that lists its pages in every way in which sites do."""

from django.contrib.syndication.views import Feed
from django.http import HttpResponse, JsonResponse
from django.urls import path
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page

from tests.testapp.models import LessonPage
from tests.urls import urlpatterns as site_patterns
from wagtail_gamification.api import serializers
from wagtail_gamification.api.v2 import GatedPagesAPIViewSet
from wagtail_gamification.gated_pages import open_to
from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    Category,
    GamificationInterface,
    PointChange,
    Unlockable,
    UnlockableDefinition,
)


class LessonsFeed(Feed):
    """What is new: for everybody, or for whoever asks."""

    title = "Lessons"
    link = "/"

    def get_object(self, request, whose):
        return request.user if whose == "own" else None

    def items(self, user):
        return open_to(LessonPage.objects.live(), user)

    def item_title(self, page):
        return page.title

    def item_description(self, page):
        return page.body.render_as_block()

    def item_link(self, page):
        return page.url


def listing(request):
    pages = open_to(Page.objects.live(), request.user).specific()
    lines = [f"{page.title} {page.search_description}" for page in pages]
    return HttpResponse("\n".join(["Pages", *lines]))


def search(request):
    pages = open_to(LessonPage.objects.live(), request.user).search(request.GET["q"])
    return HttpResponse("\n".join(["Found", *(page.title for page in pages)]))


def sitemap(request):
    pages = Sitemap(request).items()
    found = [each for page in pages for each in page.get_sitemap_urls(request)]
    return HttpResponse("\n".join(each["location"] for each in found))


SERIALIZERS = {
    serializers.BadgeSerializer: Badge.objects.order_by("pk"),
    serializers.UnlockableSerializer: Unlockable.objects.order_by("pk"),
    serializers.BadgeDefinitionSerializer: BadgeDefinition.objects.order_by("pk"),
    serializers.UnlockableDefinitionSerializer: UnlockableDefinition.objects.order_by(
        "pk"
    ),
    serializers.CategorySerializer: Category.objects.order_by("pk"),
    serializers.GamificationInterfaceSerializer: (
        GamificationInterface.objects.order_by("pk")
    ),
    serializers.PointChangeSerializer: PointChange.objects.order_by("pk"),
}


def serialized(request, name, player=None):
    """What a site's own view says of everything there is."""
    [(kind, objects)] = [
        (kind, objects.all())
        for kind, objects in SERIALIZERS.items()
        if kind.__name__ == name
    ]
    if player:
        objects = objects.filter(interface=player)
    data = kind(objects, many=True, context={"request": request}).data
    return JsonResponse({"items": data})


api_router = WagtailAPIRouter("gated_api")
api_router.register_endpoint("pages", GatedPagesAPIViewSet)

urlpatterns = [
    path("gated/", api_router.urls),
    path("site/feed/<str:whose>/", LessonsFeed()),
    path("site/list/", listing),
    path("site/search/", search),
    path("site/sitemap.xml", sitemap),
    path("site/serialized/<str:name>/", serialized),
    path("site/serialized/<str:name>/<int:player>/", serialized),
    *site_patterns,
]
