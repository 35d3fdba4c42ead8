"""What the latest revisions say where there are drafts that nobody published.

``Revision.as_object()`` would ask the database several times for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from modelcluster.models import model_from_serializable_data
from wagtail.images import get_image_model
from wagtail.models import DraftStateMixin, Revision

from .relations import is_image, set_related

if TYPE_CHECKING:
    from .records import Records


def apply_drafts(records: Records, found: list[Any]) -> None:
    """Set what the drafts of these objects say, with one query for all of them."""
    if not issubclass(records.model, DraftStateMixin):
        return
    drafted = {
        instance.latest_revision_id: instance
        for instance in found
        if instance.has_unpublished_changes and instance.latest_revision_id
    }
    if not drafted or not records.columns:
        return
    contents = dict(
        Revision.objects.filter(pk__in=drafted).values_list("pk", "content")
    )
    columns = [name for name in records.columns if name not in records.undrafted]
    fields = {name: records.model._meta.get_field(name) for name in columns}
    pictures = [name for name, field in fields.items() if is_image(field)]
    images = get_image_model()._base_manager.in_bulk(
        {content.get(name) for content in contents.values() for name in pictures}
        - {None}
    )
    for revision_id, content in contents.items():
        instance = drafted[revision_id]
        for name, field in fields.items():
            if name in content:
                _set(records, instance, field, content[name], images)
        records.attach(instance)


def _set(
    records: Records, instance: Any, field: Any, value: Any, images: dict[Any, Any]
) -> None:
    if is_image(field):
        setattr(instance, field.name, images.get(value))
    elif field.one_to_many:
        children = [
            model_from_serializable_data(field.related_model, data, check_fks=False)
            for data in value
        ]
        set_related(instance, field, [child for child in children if child])
    elif field.many_to_many:
        others = records.site[field.related_model].by_pk
        set_related(instance, field, [others[pk] for pk in value if pk in others])
    elif field.related_model:
        setattr(instance, field.attname, value)
    else:
        setattr(instance, field.name, field.to_python(value))
