"""An import that is watched: with Wagtail's own controllers, and no script of ours."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.models import Collection, Locale

from tests.browser.accessibility import violations
from wagtail_gamification.models import ImportJob, ImportState
from wagtail_gamification.spreadsheets.progress import ProgressNote
from wagtail_gamification.spreadsheets.results import Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor(django_user_model):
    return django_user_model.objects.create_superuser(
        username="ada", email="ada@example.com", password="secret"
    )


@pytest.fixture
def job(editor, settings, tmp_path):
    """An import that a worker is busy with."""
    settings.MEDIA_ROOT = str(tmp_path)
    # What migrations make, and the flush after a test takes away.
    Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    job = ImportJob(
        workbook="catalogue",
        user=editor,
        state=ImportState.RUNNING,
        file_name="badges.csv",
        headings={"Badges": ["name"]},
        mapping={"Badges": {"name": "name"}},
    )
    job.file.save("badges.csv", ContentFile(b"name\n"), save=False)
    job.save()
    return job


def test_the_page_follows_the_worker_and_goes_on_when_it_is_done(
    expect, open_page, editor, job
):
    ProgressNote(job).write(Stage.WRITING, 120, 500)
    address = reverse("wagtail_gamification_imports:detail", args=[job.pk])
    page = open_page(address, user=editor)

    bar = page.get_by_role("progressbar", name=f"{Stage.WRITING.label}: 120 of 500")
    expect(bar).to_have_attribute("value", "24")
    # For a screen reader.
    expect(page.locator("#import-said")).to_have_text(
        f"{Stage.WRITING.label}: 120 of 500"
    )
    assert violations(page) == {}

    ProgressNote(job).write(Stage.WRITING, 400, 500)
    expect(page.locator("progress")).to_have_attribute("value", "80")
    expect(page.locator("#import-said")).to_have_text(
        f"{Stage.WRITING.label}: 400 of 500"
    )

    job.move(ImportState.RUNNING, to=ImportState.DONE)
    expect(page.get_by_role("heading", name="Import done").first).to_be_visible()
