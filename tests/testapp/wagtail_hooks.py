"""The recipes of the site as snippets that can be imported and exported."""

from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_gamification.cms.spreadsheets import SpreadsheetViewSetMixin
from wagtail_gamification.spreadsheets import SpreadsheetResource

from .models import Recipe


class RecipeResource(SpreadsheetResource):
    slug_source = "title"
    aliases = {"minutes": "time", "topics": ["tags", "keywords"]}

    class Meta:
        model = Recipe
        fields = ["slug", "title", "introduction", "is_vegan", "minutes", "tried_on"]
        fields += ["image", "topics", "ingredients"]


class RecipeViewSet(SpreadsheetViewSetMixin, SnippetViewSet):
    model = Recipe
    resource_class = RecipeResource


register_snippet(RecipeViewSet)
