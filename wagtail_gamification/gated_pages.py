"""Pages that are only open to those who have a badge, an unlockable or a level."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import apps
from django.core import checks
from django.db import models
from django.db.models import Q, QuerySet
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.pages import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from .gating import gate_for, may_see_notes
from .models import (
    Badge,
    BadgeDefinition,
    GamificationInterface,
    Level,
    Unlockable,
    UnlockableDefinition,
)
from .models.managers import owner
from .shelf import Gate, GateKind, ShelfReader, gate_of


def _asked_for(model: str, label: Any) -> models.ForeignKey:
    """Link to what opens the page. Where it is deleted, the page stays closed."""
    return models.ForeignKey(
        f"wagtail_gamification.{model}",
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"original": None},
    )


class GatedQuerySetMixin(QuerySet):
    """For the queryset of a gated page: ``.open_to(user)``."""

    def open_to(self, user: Any) -> QuerySet:
        """Leave out what isn't open to ``user``, who may be anonymous."""
        return open_to(self, user)


class GatedPageForm(WagtailAdminPageForm):
    """The page's form in the CMS: a kind of gate needs something of that kind.

    Not said by the model: code that saves a page whose badge is gone, such as what
    publishes it as scheduled, must not fail, and the page stays closed.
    """

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        gate = cleaned.get("gate")
        if gate and f"gate_{gate}" in self.fields and not cleaned.get(f"gate_{gate}"):
            message = _("Choose what opens this page, or open it to everybody.")
            self.add_error(f"gate_{gate}", message)
        return cleaned


class GatedPageMixin(models.Model):
    """A page with a gate, as ``class Lesson(GatedPageMixin, Page)``, in this order.

    To whom it is closed, a page says with status 403 what opens it. It is open to those
    who may edit it, and in previews.
    """

    gate = models.CharField(
        _("open to"),
        max_length=12,
        blank=True,
        default="",
        choices=[("", _("Everybody")), *GateKind.choices],
        help_text=_("Choose a kind, and below it what players need."),
    )
    gate_badge = _asked_for("BadgeDefinition", _("badge"))
    gate_unlockable = _asked_for("UnlockableDefinition", _("unlockable"))
    gate_level = _asked_for("Level", _("level"))

    gate_panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [
                FieldPanel("gate"),
                FieldPanel("gate_badge"),
                FieldPanel("gate_unlockable"),
                FieldPanel("gate_level"),
            ],
            heading=_("Who may see this page"),
            icon="lock",
        )
    ]
    gate_search_fields: ClassVar[list[Any]] = [
        index.FilterField("gate"),
        index.FilterField("gate_badge"),
        index.FilterField("gate_unlockable"),
        index.FilterField("gate_level"),
    ]
    base_form_class: ClassVar[Any] = GatedPageForm
    locked_template = "wagtail_gamification/gates/locked_page.html"

    class Meta:
        abstract = True

    @classmethod
    def get_search_fields(cls) -> list[Any]:
        return [*super().get_search_fields(), *cls.gate_search_fields]  # type: ignore[misc]

    @classmethod
    def check(cls, **kwargs: Any) -> list[Any]:
        """E007: the mixin stands before ``Page``, or nothing would be closed."""
        found = super().check(**kwargs)
        if cls.serve is not GatedPageMixin.serve and not _is_first(cls):
            found.append(
                checks.Error(
                    f"GatedPageMixin stands behind Page in {cls.__name__}, which is "
                    "open to everybody therefore.",
                    hint=f"Write: class {cls.__name__}(GatedPageMixin, Page).",
                    obj=cls,
                    id="wagtail_gamification.E007",
                )
            )
        return found

    @property
    def gate_key(self) -> int | None:
        """The key of the original that opens it; None where there is none."""
        asked = getattr(self, f"gate_{self.gate}", None) if self.gate else None
        return asked.state_id if asked else None

    def gate_for(self, request: Any, *, steps: bool = False) -> Gate:
        """Say whether the page is open to the request's user, and what opens it."""
        if not self.gate:
            return Gate(is_open=True)
        return gate_for(request, self.gate, self.gate_key, steps=steps)

    def is_open_to(self, user: Any) -> bool:
        """Whether ``user``, who may be anonymous, has what opens the page."""
        if not self.gate:
            return True
        return gate_of(ShelfReader(user), self.gate, self.gate_key).is_open

    def may_pass(self, request: Any) -> bool:
        """Whether the page is shown: to players who may see it, and to its editors."""
        if getattr(request, "is_preview", False) or self.gate_for(request).is_open:
            return True
        if not may_see_notes(request):
            return False
        return self.permissions_for_user(request.user).can_edit()  # type: ignore[attr-defined]

    def serve(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if self.may_pass(request):
            response = super().serve(request, *args, **kwargs)  # type: ignore[misc]
        else:
            response = self.serve_locked(request)
        if self.gate:
            # What a visitor may see isn't what the next one may see.
            patch_cache_control(response, private=True)
            patch_vary_headers(response, ["Cookie"])
        return response

    def serve_locked(self, request: Any) -> Any:
        """Say what opens the page, and nothing that stands on it."""
        context = {
            "title": self.title,  # type: ignore[attr-defined]
            "gate": self.gate_for(request, steps=True),
            "shows_notes": may_see_notes(request),
        }
        response = TemplateResponse(request, self.locked_template, context, status=403)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def get_sitemap_urls(self, request: Any = None) -> list[Any]:
        """Leave it out, as Wagtail does with its private pages."""
        return [] if self.gate else super().get_sitemap_urls(request)  # type: ignore[misc]


def gated_models() -> list[type[GatedPageMixin]]:
    """Give the site's page models that have a gate."""
    return [model for model in apps.get_models() if issubclass(model, GatedPageMixin)]


def open_to(pages: Any, user: Any) -> Any:
    """Leave out of a queryset of pages, of whatever type, what is closed to ``user``.

    Everything is asked in the one query that reads the pages, and search backends
    understand it. ``user`` may be anonymous, or None.
    """
    if issubclass(pages.model, GatedPageMixin):
        return pages.filter(_is_open(user))
    for model in gated_models():
        closed = model._default_manager.exclude(_is_open(user))
        pages = pages.exclude(pk__in=closed.order_by().values("pk"))
    return pages


def _is_open(user: Any) -> Q:
    if not getattr(user, "is_authenticated", False):
        return Q(gate="")
    own = owner(user, "interface")
    badges = Badge.objects.acquired().filter(own).order_by()
    unlockables = Unlockable._base_manager.filter(own, acquired=True)
    players = GamificationInterface.objects.owned_by(user).order_by()
    levels = Level.objects.filter(live=True, original=None).order_by()
    levels = levels.filter(
        points_required__lte=models.Subquery(players.values("points_earned")[:1])
    )
    held = {
        GateKind.BADGE: (BadgeDefinition, badges.values("badge_definition")),
        GateKind.UNLOCKABLE: (
            UnlockableDefinition,
            unlockables.values("unlockable_definition"),
        ),
        GateKind.LEVEL: (Level, levels.values("pk")),
    }
    is_open = Q(gate="")
    for kind, (model, originals) in held.items():
        # A translation that was chosen stands for its original.
        chosen = model.objects.filter(Q(pk__in=originals) | Q(original__in=originals))
        found = {f"gate_{kind.value}__in": chosen.order_by().values("pk")}
        is_open |= Q(gate=kind.value, **found)
    return is_open


def _is_first(model: type) -> bool:
    """Whether what the mixin does comes before what pages do by themselves."""
    order = [each.__name__ for each in model.__mro__]
    pages = [each for each in model.__mro__ if each.__name__ == "Page"]
    return not pages or order.index("GatedPageMixin") < order.index("Page")
