"""What all definitions share: content that editors own, in several languages."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, FilteredRelation, Prefetch, ProtectedError, Q
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    Locale,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index

from wagtail_gamification.exceptions import UnknownDefinition

Self = TypeVar("Self", bound="TranslatableDefinition")

SLUG_LENGTH = 128

# What no revision decides.
WHOLE_FIELDS = {"locale", "translation_key", "sort_order", "original"}


class DefinitionQuerySet(models.QuerySet):
    """The questions that every kind of definition is asked."""

    def live(self) -> DefinitionQuerySet:
        """Give those that are published."""
        return self.filter(live=True)

    def originals(self) -> DefinitionQuerySet:
        """Leave translations out: only originals carry players' state."""
        return self.filter(original__isnull=True)

    def ever_published(self) -> DefinitionQuerySet:
        """Give those that players may have, also when unpublished since."""
        return self.filter(Q(live=True) | Q(first_published_at__isnull=False))

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete them, unless players have achieved one."""
        with transaction.atomic(using=self.db):
            self.delete_idle_rows()
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def delete_idle_rows(self) -> None:
        """Delete the players' rows that record nothing, where there are any."""

    def in_locale(self, locale: Locale) -> DefinitionQuerySet:
        """Give originals with their texts in ``locale`` in ``definition.texts``.

        One extra query reads the texts of all of them.
        """
        texts = self.model._default_manager.filter(locale=locale)
        if issubclass(self.model, DraftStateMixin):
            texts = texts.filter(live=True)
        if hasattr(self.model, "image"):
            texts = texts.select_related("image")
        return self.originals().prefetch_related(
            Prefetch("localizations", queryset=texts, to_attr="_texts")
        )

    def by_slug(self, slug: str) -> Any:
        """Give the original that ``slug`` names.

        Originals in several languages may share a slug: then the one in the
        site's default language is meant.

        :raises UnknownDefinition: with the slugs that exist
        """
        found = list(self.originals().filter(slug=slug).select_related("locale")[:20])
        if not found:
            known = self.originals().values_list("slug", flat=True)
            raise UnknownDefinition(self.model._meta.verbose_name_raw, slug, known)
        return min(found, key=lambda item: (not item.locale.is_default, item.pk))


class PlayerStateQuerySet(DefinitionQuerySet):
    """Definitions that players have a row of state for."""

    def delete_idle_rows(self) -> None:
        """Delete the players' rows that record nothing, in one statement.

        The condition stands on the row itself: who is earning it right now holds
        that row's lock, is waited for, and keeps it. Whoever comes later finds none,
        and waits for the definition. So what was looked at for protection is what is
        deleted.
        """
        definitions = self.model._base_manager.filter(
            pk__in=list(self.values_list("pk", flat=True))
        )
        keys = definitions.select_for_update().order_by("pk")
        relation = self.model._meta.get_field(self.model.player_state_relation)
        rows = relation.related_model._base_manager.filter(
            self.model.player_state_is_idle,
            **{f"{relation.field.name}__in": list(keys.values_list("pk", flat=True))},
        )
        rows._raw_delete(rows.db)

    def for_interface(self, interface: models.Model) -> PlayerStateQuerySet:
        """Set the player's state beside each original, in one query.

        Each definition gets ``player_acquired`` and ``player_acquired_at``, which
        are None where the player has no row, and what
        ``player_state_fields`` of its model names besides.
        """
        fields = ["acquired", "acquired_at", *self.model.player_state_fields]
        return (
            self.originals()
            .annotate(
                player_state=FilteredRelation(
                    self.model.player_state_relation,
                    condition=Q(
                        **{f"{self.model.player_state_relation}__interface": interface}
                    ),
                )
            )
            .annotate(
                **{f"player_{name}": F(f"player_state__{name}") for name in fields}
            )
        )


PlayerStateManager = models.Manager.from_queryset(PlayerStateQuerySet)


class APIFields:
    """What Wagtail's APIs show of a definition, read where there is an API."""

    def __get__(self, instance: Any, owner: type) -> list[Any]:
        from wagtail_gamification.api.fields import api_fields_of

        return api_fields_of(owner)


class TranslatableDefinition(TranslatableMixin, index.Indexed, ClusterableModel):
    """A named thing with a stable slug and translations.

    The slug is the key in code, spreadsheets and addresses: it is made from the
    name when it is left empty and doesn't follow the name afterwards.
    """

    name = models.CharField(_("name"), max_length=128)
    slug = models.SlugField(
        _("slug"),
        max_length=SLUG_LENGTH,
        blank=True,
        allow_unicode=True,
        help_text=_(
            "The key of this in code, spreadsheets and addresses. Made from the name "
            "when empty."
        ),
    )
    sort_order = models.IntegerField(_("sort order"), default=0, editable=False)
    original = models.ForeignKey(
        "self",
        verbose_name=_("original"),
        related_name="localizations",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,
    )
    original.wagtail_reference_index_ignore = True

    sort_order_field = "sort_order"
    api_fields = APIFields()

    objects = models.Manager.from_queryset(DefinitionQuerySet)()

    search_fields = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.AutocompleteField("slug"),
        index.SearchField("description"),
        index.FilterField("slug"),
        index.FilterField("locale_id"),
        index.FilterField("original_id"),
    ]

    class Meta(TranslatableMixin.Meta):
        abstract = True
        ordering = ["sort_order", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "slug"],
                name="%(class)s_slug_in_locale",
                violation_error_message=_(
                    "Another one in this language has this slug already."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state_id(self) -> int:
        """The primary key that players' rows refer to."""
        return self.original_id or self.pk

    @property
    def source(self: Self) -> Self:
        """The definition that counts: the original of a translation, else itself."""
        return self.original if self.original_id else self

    @property
    def texts(self: Self) -> Self:
        """What to show of it: the translation that ``in_locale()`` read, or itself."""
        translations = getattr(self, "_texts", None)
        return translations[0] if translations else self

    def clean(self) -> None:
        super().clean()
        self._ensure_slug()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._ensure_slug()
        super().save(*args, **kwargs)

    def become_translation_of(self, source: TranslatableDefinition) -> None:
        """Leave the state to the original, and take a slug that is free here."""
        self.original_id = source.state_id
        self.slug = self.available_slug(self.slug or self.name, self.locale_id)

    def _ensure_slug(self) -> None:
        if self.slug:
            return
        locale_id = self.locale_id or self.get_default_locale().pk
        self.slug = self.available_slug(self.name, locale_id)

    def available_slug(self, name: str, locale_id: int) -> str:
        """Make a slug from ``name`` that nothing else in that locale has."""
        base = slugify(name, allow_unicode=True) or self._meta.model_name
        base = base[: SLUG_LENGTH - 8]
        others = type(self)._default_manager.filter(locale_id=locale_id)
        others = others.exclude(pk=self.pk)
        alike = others.filter(slug__startswith=base)
        taken = set(alike.values_list("slug", flat=True))
        slug, number = base, 2
        # The database is asked too: on MariaDB “café” is taken where “cafe” is.
        while slug in taken or others.filter(slug=slug).exists():
            slug, number = f"{base}-{number}", number + 1
        return slug


class Definition(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableDefinition,
):
    """A definition that editors draft, review, schedule and publish."""

    search_fields = [
        *TranslatableDefinition.search_fields,
        index.FilterField("live"),
    ]

    class Meta(TranslatableDefinition.Meta):
        abstract = True

    @property
    def approved_schedule(self) -> bool:
        # A list says it for all its rows at once.
        known = getattr(self, "_approved_schedule", None)
        return super().approved_schedule if known is None else known

    @property
    def workflow_in_progress(self) -> bool:
        known = getattr(self, "_workflow_in_progress", None)
        return super().workflow_in_progress if known is None else known

    def clean(self) -> None:
        super().clean()
        if self.original_id and self.original_id == self.pk:
            raise ValidationError(_("A definition can't be its own translation."))

    def serve_preview(self, request: HttpRequest, mode_name: str) -> TemplateResponse:
        # Rendered here, in the language that its readers read the whole page in.
        if mode_name not in dict(self.preview_modes):
            mode_name = self.default_preview_mode
        with translation.override(self.locale.language_code):
            return super().serve_preview(request, mode_name).render()

    def become_translation_of(self, source: TranslatableDefinition) -> None:
        """Begin as a draft: it still says everything in the other language."""
        super().become_translation_of(source)
        self.live = False
        self.live_revision = None
        self.first_published_at = self.last_published_at = None
        self.go_live_at = self.expire_at = None
        self.has_unpublished_changes = True
        self.locked = False
        self.locked_by = self.locked_at = None

    def with_content_json(self, content: dict) -> Definition:
        # These belong to the definition as a whole: publishing or restoring an
        # older revision must not undo a reordering or cut a translation loose.
        # Left out, they are not looked up in the database either.
        own = {
            name: value for name, value in content.items() if name not in WHOLE_FIELDS
        }
        definition = super().with_content_json(own)
        definition.sort_order = self.sort_order
        definition.original_id = self.original_id
        return definition

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete it, unless players have achieved it.

        :raises ProtectedError: with a way out for the person who reads it
        """
        try:
            with transaction.atomic():
                type(self)._default_manager.filter(pk=self.pk).delete_idle_rows()
                return super().delete(*args, **kwargs)
        except ProtectedError as error:
            raise ProtectedError(
                _(
                    "“%(name)s” can't be deleted, because players have earned it. "
                    "Unpublish it instead: it leaves the shelves of those who don't "
                    "have it."
                )
                % {"name": self},
                error.protected_objects,
            ) from error
