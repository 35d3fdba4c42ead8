"""Import and export beside the list of a snippet model, a site's own as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import DraftStateMixin

from wagtail_gamification.compat import permission_policy_of
from wagtail_gamification.spreadsheets import CatalogueError, export_catalogue
from wagtail_gamification.spreadsheets.resources import SpreadsheetResource
from wagtail_gamification.spreadsheets.template import template_workbook
from wagtail_gamification.spreadsheets.workbooks import (
    Workbook,
    get_workbook,
    register_workbook,
)

from .imports.permissions import may_import

ANY_PERMISSION = ("add", "change", "delete", "publish", "view")

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}

# What the address of a list may hold that says nothing about which rows it shows.
_NOT_FILTERS = ("format", "export", "p", "_w_filter_fragment")
# What no spreadsheet program takes in the title of a sheet, and how long that may be.
_NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\'"))
_TITLE_LENGTH = 31


class SpreadsheetIndexMixin:
    """Puts “Import…” and “Export…” into the menu above a list."""

    spreadsheet_workbook: Any = None
    spreadsheet_sheet = ""
    spreadsheet_export_url_name = ""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = list(super().header_more_buttons)  # type: ignore[misc]
        if self._may_import():
            buttons.append(
                Button(
                    _("Import…"),
                    url=self._import_url(),
                    icon_name="upload",
                    priority=80,
                )
            )
        buttons.append(
            Button(
                _("Export…"),
                url=with_query(
                    reverse(self.spreadsheet_export_url_name),
                    filters_of(self.request.GET),  # type: ignore[attr-defined]
                ),
                icon_name="download",
                priority=85,
            )
        )
        return buttons

    def _may_import(self) -> bool:
        is_allowed = self.user_has_any_permission({"add", "change"})  # type: ignore[attr-defined]
        return bool(is_allowed and may_import(self.request.user))  # type: ignore[attr-defined]

    def _import_url(self) -> str:
        query = QueryDict(mutable=True)
        query["workbook"] = self.spreadsheet_workbook.name
        query["sheet"] = self.spreadsheet_sheet
        return with_query(reverse("wagtail_gamification_imports:add"), query)


class ExportForm(forms.Form):
    """Asks for the format."""

    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[
            ("xlsx", gettext_lazy("Excel workbook (.xlsx)")),
            ("ods", gettext_lazy("OpenDocument spreadsheet (.ods)")),
            ("csv", gettext_lazy("Comma-separated text (.csv)")),
            ("json", gettext_lazy("JSON (.json)")),
        ],
        initial="xlsx",
        widget=forms.RadioSelect,
    )


class ExportView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Gives what a list shows as a spreadsheet that can be imported again.

    It knows nothing of filters: it asks the list itself.
    """

    template_name = "wagtail_gamification/cms/spreadsheets/export.html"
    page_title = gettext_lazy("Export")
    header_icon = "download"
    model: Any = None
    index_url_name = ""
    index_view: Any = None
    workbook: Any = None
    sheet = ""
    file_name = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "format" not in request.GET:
            return self.render_to_response(self.get_context_data(form=ExportForm()))
        form = ExportForm(request.GET)
        if form.is_valid():
            try:
                return self.download(form.cleaned_data["format"])
            except CatalogueError as error:
                form.add_error("format", str(error))
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def download(self, format: str) -> HttpResponse:
        content = export_catalogue(
            format,
            workbook=self.workbook,
            sheet=self.sheet,
            pks=frozenset(self.list_queryset.values_list("pk", flat=True)),
        )
        return as_download(content, dated(self.file_name), format)

    @cached_property
    def list_view(self) -> Any:
        """The list at the same address, as it is made for a request."""
        made = self.index_view
        view = made.view_class(**made.view_initkwargs)
        view.setup(self.request)
        return view

    @cached_property
    def list_queryset(self) -> Any:
        """What the list shows on all its pages."""
        found = self.list_view.get_queryset()
        if hasattr(found, "values_list"):
            return found
        # The results of a search backend know no values.
        pks = [item.pk for item in found]
        return self.model._default_manager.filter(pk__in=pks)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": self.list_url, "label": self.plural},
            {"url": "", "label": self.get_page_title(), "sublabel": self.plural},
        ]

    def get_page_subtitle(self) -> str:
        return self.plural

    @property
    def plural(self) -> str:
        return str(capfirst(self.model._meta.verbose_name_plural))

    @property
    def list_url(self) -> str:
        return with_query(reverse(self.index_url_name), filters_of(self.request.GET))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        view = self.list_view
        return super().get_context_data(
            count=self.list_queryset.count(),
            is_narrowed=bool(view.is_filtering or view.is_searching),
            filters=_pairs(filters_of(self.request.GET)),
            list_url=self.list_url,
            has_drafts=issubclass(self.model, DraftStateMixin),
            verbose_name=self.model._meta.verbose_name,
            verbose_name_plural=self.model._meta.verbose_name_plural,
            **kwargs,
        )


class TemplateDownloadView(View):
    """Gives a workbook to fill in, empty or with what there is."""

    def get(self, request: HttpRequest, workbook: str) -> HttpResponse:
        if not may_import(request.user):
            raise PermissionDenied
        try:
            found = get_workbook(workbook)
        except CatalogueError as error:
            raise Http404(str(error)) from None
        allowed = visible_part(found, request.user)
        if not allowed.sheets:
            raise PermissionDenied
        is_filled = request.GET.get("filled") == "1"
        try:
            content = template_workbook(allowed, filled=is_filled)
        except CatalogueError as error:
            messages.error(request, str(error))
            return redirect("wagtail_gamification_imports:add")
        name = dated(found.name) if is_filled else f"{found.name}-template"
        return as_download(content, name, "xlsx")


class SpreadsheetViewSetMixin:
    """Lets editors import and export the snippets of a viewset as spreadsheets.

    Stands before Wagtail's ``SnippetViewSet``. Adds “Import…” and “Export…” to the
    menu above the list, and registers the workbook that both work with.
    """

    #: The resource that reads and writes the rows of the model.
    resource_class: type[SpreadsheetResource] | None = None

    #: The workbook that holds a sheet of the model. If left unset, one is made of
    #: ``resource_class`` alone: it is named after the model, its sheet after the
    #: plural of the model's name.
    workbook: Workbook | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if self.workbook is None:
            self.workbook = self._make_workbook()
        try:
            self.sheet = self.workbook.title_of(self.model)  # type: ignore[attr-defined]
        except LookupError as error:
            raise ImproperlyConfigured(str(error)) from None
        index_view_class = self.index_view_class  # type: ignore[has-type]
        if not issubclass(index_view_class, SpreadsheetIndexMixin):
            self.index_view_class = type(
                index_view_class.__name__, (SpreadsheetIndexMixin, index_view_class), {}
            )

    def _make_workbook(self) -> Workbook:
        if self.resource_class is None:
            raise ImproperlyConfigured(
                f"{type(self).__name__} needs a resource_class or a workbook."
            )
        meta = self.model._meta  # type: ignore[attr-defined]
        # A sheet is called the same in every language, or files that one editor
        # exports would be refused when another imports them.
        with override(None):
            plural = str(meta.verbose_name_plural)
        title = capfirst(plural.translate(_NOT_IN_TITLES)[:_TITLE_LENGTH].strip())
        return Workbook(
            meta.label_lower,
            meta.verbose_name_plural,
            {title or meta.object_name: self.resource_class},
        )

    def on_register(self) -> None:
        super().on_register()  # type: ignore[misc]
        register_workbook(self.workbook)  # type: ignore[arg-type]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(  # type: ignore[misc]
            **{
                "spreadsheet_workbook": self.workbook,
                "spreadsheet_sheet": self.sheet,
                "spreadsheet_export_url_name": self.get_url_name("export"),  # type: ignore[attr-defined]
                **kwargs,
            }
        )

    @property
    def export_view(self) -> Callable[..., HttpResponse]:
        view_class: Any = self.index_view_class
        return self.construct_view(  # type: ignore[attr-defined]
            ExportView,
            # Whoever may see the list may take it home.
            permission_required=view_class.permission_required,
            any_permission_required=view_class.any_permission_required,
            index_view=self.index_view,  # type: ignore[attr-defined]
            workbook=self.workbook,
            sheet=self.sheet,
            file_name=self.export_filename,  # type: ignore[attr-defined]
            header_icon="download",
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),  # type: ignore[misc]
            path("export/", self.export_view, name="export"),
        ]


def visible_part(workbook: Workbook, user: Any) -> Workbook:
    """Give a workbook with those sheets whose models a user may see."""
    sheets = {
        title: resource
        for title, resource in workbook.sheets.items()
        if may_see(user, resource.row_model())
    }
    return Workbook(workbook.name, workbook.label, sheets)


def may_see(user: Any, model: Any) -> bool:
    """Say whether the list of a model is open to a user."""
    policy = permission_policy_of(model)
    return bool(policy.user_has_any_permission(user, ANY_PERMISSION))


def filters_of(query: QueryDict) -> QueryDict:
    """Give what an address says about which rows a list shows, and in what order."""
    kept = query.copy()
    for name in _NOT_FILTERS:
        kept.pop(name, None)
    return kept


def with_query(url: str, query: QueryDict) -> str:
    """Give an address with a query, if there is one."""
    encoded = query.urlencode()
    return f"{url}?{encoded}" if encoded else url


def dated(name: str) -> str:
    """Give a file name that tells one day's export from another's."""
    return f"{name}-{timezone.localdate().isoformat()}"


def as_download(content: bytes, name: str, format: str) -> HttpResponse:
    """Give a file that a browser saves and doesn't show."""
    return HttpResponse(
        content,
        headers={
            "Content-Type": CONTENT_TYPES[format],
            "Content-Disposition": content_disposition_header(
                as_attachment=True, filename=f"{name}.{format}"
            )
            or "attachment",
            "X-Content-Type-Options": "nosniff",
            # It is about one editor's permissions, and about today.
            "Cache-Control": "private, no-store",
        },
    )


def _pairs(query: QueryDict) -> Iterator[tuple[str, str]]:
    for name, values in query.lists():
        for value in values:
            yield name, str(value)
