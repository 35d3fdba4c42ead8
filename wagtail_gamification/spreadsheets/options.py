"""What an editor chooses before an import runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Destination(models.TextChoices):
    """What becomes of new and changed definitions."""

    PUBLISH = "publish", _("Publish at once")
    DRAFT = "draft", _("Save as drafts")
    SUBMIT = "submit", _("Submit to moderation")


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """How an import is to be run."""

    destination: Destination = Destination.PUBLISH
    skip_refused: bool = False
    """Import the good rows and leave the refused ones out; otherwise one refused row
    keeps all of them from being written."""
    replace_drafts: bool = False
    """Write over unpublished drafts of the same definitions; otherwise such rows are
    refused."""
    collection_id: int | None = None
    """The collection for new images; None stands for the root collection, or for the
    first where the user may add some."""

    @property
    def publishes(self) -> bool:
        return self.destination == Destination.PUBLISH

    def as_json(self) -> dict[str, Any]:
        """Give plain values, for a job to store."""
        return {**asdict(self), "destination": self.destination.value}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> ImportOptions:
        """Make the options of a job from what it stored."""
        known = {name: values[name] for name in cls.__annotations__ if name in values}
        if "destination" in known:
            known["destination"] = Destination(known["destination"])
        return cls(**known)
