"""What an import would do, and what there is to choose before it runs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_gamification.models import ImportState
from wagtail_gamification.spreadsheets.jobs import start_run
from wagtail_gamification.spreadsheets.results import RowAction

from .forms import OptionsForm
from .permissions import destinations, image_collections, models_of
from .rows import RowsPage

WRITTEN = (RowAction.CREATED, RowAction.UPDATED)


class PreviewPage(RowsPage):
    """The rows as they would turn out, above the choices."""

    template_name = "wagtail_gamification/cms/imports/preview.html"
    page_title = gettext_lazy("Preview")

    @cached_property
    def count(self) -> int:
        """How many rows would be written."""
        return self.counts[RowAction.CREATED] + self.counts[RowAction.UPDATED]

    @cached_property
    def form(self) -> OptionsForm:
        written = self.job.rows.filter(action__in=WRITTEN)
        brings_images = written.filter(image__has_key="entry").exists()
        collections = image_collections(self.request.user)
        return OptionsForm(
            self.request.POST if self.request.method == "POST" else None,
            destinations=destinations(self.request.user, models_of(self.job)),
            refused=self.counts[RowAction.REFUSED],
            drafts=written.filter(has_draft=True).count(),
            # Without any the engine has refused the rows.
            collections=collections if brings_images and collections.exists() else None,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.count:
            context["form"] = self.form
            context["media"] += self.form.media
        context["count"] = self.count
        return context


class RunView(PreviewPage):
    """Has the import done as it was shown, once."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.job.state != ImportState.PREVIEWED or not self.count:
            # The second click, or a page that was left open.
            return self.to_job()
        if not self.form.is_valid():
            return self.get(request, *args, **kwargs)
        if not start_run(self.job, self.form.options):
            messages.warning(request, _("This import has been started already."))
        return self.to_job()
