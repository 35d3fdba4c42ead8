"""The forms of an import."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_gamification.models import ImportJob
from wagtail_gamification.spreadsheets.headings import column_label, match_headings
from wagtail_gamification.spreadsheets.options import Destination, ImportOptions
from wagtail_gamification.spreadsheets.workbooks import Workbook

from .limits import limits, too_large

SPREADSHEETS = (".xlsx", ".ods", ".csv", ".tsv", ".json")


class ZoneInput(forms.FileInput):
    """A file field as large as a place to drop files on.

    Browsers take what is dropped on a file field, so keyboard, screen reader and
    mouse all work with the same one.
    """

    def __init__(self, accept: Iterable[str]) -> None:
        super().__init__(
            attrs={
                "accept": ",".join(accept),
                "class": "drop-zone gamification-drop",
                "data-controller": "w-zone",
                "data-action": (
                    "dragenter->w-zone#activate dragover->w-zone#activate "
                    "dragleave->w-zone#deactivate drop->w-zone#deactivate"
                ),
                "data-w-zone-active-class": "hovered",
            }
        )


class UploadForm(forms.Form):
    """A spreadsheet, its images, and which sheet it is where the file can't say.

    :param workbook: what the file may hold
    :param exceeded: the fields whose files were too large to be kept
    """

    unread_error = ""
    """Why nothing of what was sent was read."""

    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"), widget=ZoneInput(SPREADSHEETS)
    )
    images = forms.FileField(
        label=gettext_lazy("Images"), required=False, widget=ZoneInput([".zip"])
    )
    sheet = forms.ChoiceField(
        label=gettext_lazy("Sheet"),
        required=False,
        help_text=gettext_lazy(
            "Only for files that hold one sheet without a name, as CSV files do."
        ),
    )

    def __init__(
        self,
        *args: Any,
        workbook: Workbook,
        exceeded: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.exceeded = set(exceeded)
        if len(workbook.sheets) > 1:
            sheets: Any = self.fields["sheet"]
            sheets.choices = [
                ("", _("The file names it")),
                *((title, title) for title in workbook.sheets),
            ]
        else:
            del self.fields["sheet"]
        for name in self.exceeded:
            # It was sent: that it is missing isn't what is wrong with it.
            self.fields[name].required = False

    def clean_file(self) -> UploadedFile | None:
        return self._within_limit("file")

    def clean_images(self) -> UploadedFile | None:
        return self._within_limit("images")

    def _within_limit(self, name: str) -> UploadedFile | None:
        file = self.cleaned_data.get(name)
        if name in self.exceeded or (file and file.size > limits()[name]):
            raise forms.ValidationError(too_large(name), code="too_large")
        return file


class MatchForm(forms.Form):
    """For each heading of each sheet, the field that it means."""

    def __init__(
        self, *args: Any, job: ImportJob, workbook: Workbook, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.job = job
        self.sheets: list[dict[str, Any]] = []
        recognised = match_headings(workbook, job.headings)
        for number, (title, resource) in enumerate(workbook.sheets.items()):
            if title in job.headings:
                self._add_sheet(number, title, resource, recognised.get(title, {}))

    def _add_sheet(
        self, number: int, title: str, resource: Any, recognised: dict[str, str]
    ) -> None:
        columns = list(resource._meta.fields)
        choices = [
            ("", _("Ignore this column")),
            *((column, column_label(resource, column)) for column in columns),
        ]
        chosen = self.job.mapping.get(title, {})
        names = []
        for index, heading in enumerate(self.job.headings[title]):
            name = f"column-{number}-{index}"
            names.append(name)
            field = forms.ChoiceField(
                label=heading,
                required=False,
                choices=choices,
                initial=chosen.get(heading, ""),
            )
            if not recognised.get(heading):
                field.help_text = _(
                    "This heading wasn't recognised. Choose what it means, or "
                    "ignore the column."
                )
            self.fields[name] = field
        self.sheets.append(
            {"title": title, "names": names, "resource": resource, "number": number}
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a field that two columns would fill, beside the second."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for sheet in self.sheets:
            taken: dict[str, str] = {}
            for name in sheet["names"]:
                column = cleaned.get(name)
                if not column:
                    continue
                if column in taken:
                    self.add_error(
                        name,
                        _("“%(heading)s” is matched to this field already.")
                        % {"heading": taken[column]},
                    )
                else:
                    taken[column] = str(self.fields[name].label)
        return cleaned

    @property
    def mapping(self) -> dict[str, dict[str, str]]:
        """What was chosen, as a job stores it."""
        return {
            sheet["title"]: {
                str(self.fields[name].label): self.cleaned_data.get(name, "")
                for name in sheet["names"]
            }
            for sheet in self.sheets
        }

    def sections(self, missing: dict[str, Any]) -> list[dict[str, Any]]:
        """Give what the page shows of each sheet.

        :param missing: what the sheets lack, by their titles
        """
        return [
            {
                **sheet,
                "fields": [self[name] for name in sheet["names"]],
                "needed": _labels(sheet, getattr(lack, "needed", ())),
                "recommended": _labels(sheet, getattr(lack, "recommended", ())),
            }
            for sheet in self.sheets
            for lack in [missing.get(sheet["title"])]
        ]


def _labels(sheet: dict[str, Any], columns: Iterable[str]) -> list[str]:
    return [column_label(sheet["resource"], column) for column in columns]


class OptionsForm(forms.Form):
    """What an editor chooses before an import runs; only what there is to choose.

    :param destinations: what the editor may have become of the definitions
    :param refused: how many rows are refused
    :param drafts: how many rows would write over an unpublished draft
    :param collections: where new images may go; None where there are none
    """

    destination = forms.ChoiceField(
        label=gettext_lazy("New and changed definitions"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("You can't choose this.")},
    )
    refused = forms.ChoiceField(
        label=gettext_lazy("Refused rows"),
        choices=[
            ("stop", gettext_lazy("Import nothing until they are mended")),
            (
                "skip",
                gettext_lazy("Import the good rows and leave the refused ones out"),
            ),
        ],
        initial="stop",
        widget=forms.RadioSelect,
    )
    drafts = forms.ChoiceField(
        label=gettext_lazy("Unpublished drafts"),
        choices=[
            ("keep", gettext_lazy("Leave these rows out")),
            ("replace", gettext_lazy("Write over the drafts")),
        ],
        initial="keep",
        widget=forms.RadioSelect,
    )
    collection: Any = forms.ModelChoiceField(
        queryset=None,
        label=gettext_lazy("Collection for new images"),
        empty_label=None,
    )

    def __init__(
        self,
        *args: Any,
        destinations: list[Destination],
        refused: int = 0,
        drafts: int = 0,
        collections: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.has_refused = bool(refused)
        if len(destinations) > 1:
            choice: Any = self.fields["destination"]
            choice.choices = [(item.value, item.label) for item in destinations]
            choice.initial = destinations[0].value
        else:
            del self.fields["destination"]
        self.only_destination = destinations[0]
        if not refused:
            del self.fields["refused"]
        if not drafts:
            del self.fields["drafts"]
        if collections is None:
            del self.fields["collection"]
        else:
            collection: Any = self.fields["collection"]
            collection.queryset = collections
            collection.initial = collections.first()

    def clean_refused(self) -> str:
        """Nothing is begun that would end with nothing."""
        if self.cleaned_data["refused"] == "stop":
            raise forms.ValidationError(
                _(
                    "Some rows are refused. Mend them in the spreadsheet and upload it "
                    "again, or choose to leave them out."
                )
            )
        return "skip"

    @cached_property
    def options(self) -> ImportOptions:
        """What was chosen, as a job stores it."""
        data = self.cleaned_data
        collection = data.get("collection")
        keeps_drafts = data.get("drafts") == "keep"
        return ImportOptions(
            destination=Destination(data.get("destination") or self.only_destination),
            # Rows that are left alone for their drafts are refused as others are.
            skip_refused=self.has_refused or keeps_drafts,
            replace_drafts=data.get("drafts") == "replace",
            collection_id=collection.pk if collection else None,
        )
