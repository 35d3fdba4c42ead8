"""The viewsets of point rules and campaigns."""

from __future__ import annotations

from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_gamification.cms.spreadsheets import SpreadsheetViewSetMixin
from wagtail_gamification.models import Campaign, PointRule
from wagtail_gamification.spreadsheets.resources import CATALOGUE

from . import panels, views
from .filters import CampaignFilterSet, PointRuleFilterSet


class RuleViewSet(SpreadsheetViewSetMixin, SnippetViewSet):
    """What the screens of both have in common."""

    workbook = CATALOGUE
    copy_view_class = views.RuleCopyView
    inspect_view_class = views.RuleInspectView
    inspect_view_enabled = True
    index_results_template_name = "wagtail_gamification/cms/rules/results.html"


class PointRuleViewSet(RuleViewSet):
    model = PointRule
    icon = "sliders"
    index_view_class = views.PointRuleIndexView
    delete_view_class = views.PointRuleDeleteView
    delete_template_name = views.PointRuleDeleteView.template_name
    filterset_class = PointRuleFilterSet
    edit_handler = panels.point_rule_panels
    export_filename = "point-rules"
    inspect_view_fields = [
        "name",
        "slug",
        "event",
        "points",
        "once_per_object",
        "daily_limit",
        "total_limit",
        "go_live_at",
        "expire_at",
        "status_string",
    ]


class CampaignViewSet(RuleViewSet):
    model = Campaign
    icon = "calendar-alt"
    index_view_class = views.CampaignIndexView
    filterset_class = CampaignFilterSet
    edit_handler = panels.campaign_panels
    export_filename = "campaigns"
    inspect_view_fields = [
        "name",
        "slug",
        "event",
        "multiplier",
        "go_live_at",
        "expire_at",
        "status_string",
    ]
