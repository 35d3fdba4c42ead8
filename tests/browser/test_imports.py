"""The whole way through an import in a real browser, without superuser rights."""

import re

import openpyxl
import pytest
from django.contrib.auth.models import Group, Permission
from django_tasks.signals import task_enqueued
from wagtail.images import get_image_model
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    Locale,
    ModelLogEntry,
)

from tests.browser import import_walk
from tests.browser.accessibility import assert_fits, violations
from wagtail_gamification.models import BadgeDefinition, ImportJob, ImportState
from wagtail_gamification.spreadsheets import import_catalogue, runs
from wagtail_gamification.spreadsheets.progress import ProgressNote
from wagtail_gamification.spreadsheets.results import Stage
from wagtail_gamification.testing import create_player

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

State = ImportState
NEW = set(import_walk.NEW)
EARNED = "barn-owl"
MANY = 150
FOCUSED = """
() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const named = element.labels?.[0] ?? element;
  const name = element.getAttribute("aria-label") ?? named.innerText;
  return [element.type === "file" ? "file" : element.localName, name.trim()];
}
"""


@pytest.fixture
def site(settings, tmp_path):
    """A site with the demo's catalogue, whose tasks wait for a worker."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    # What migrations make, and the flush after a test takes away.
    for language in ("en", "fr"):
        Locale.objects.get_or_create(language_code=language)
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    catalogue = tmp_path / "catalogue.xlsx"
    import_walk.definitions().save(catalogue)
    import_catalogue(
        catalogue.read_bytes(),
        catalogue.name,
        images=import_walk.IMAGES.read_bytes(),
    )
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}
    }


@pytest.fixture
def editor(site, django_user_model):
    """Somebody who may do all with definitions and add images, and nothing else."""
    user = django_user_model.objects.create_user(
        username="edith", email="edith@example.com", password="secret"
    )
    group = Group.objects.create(name="Editors of badges")
    group.permissions.add(
        Permission.objects.get(codename="access_admin"),
        *Permission.objects.filter(content_type__app_label="wagtail_gamification"),
    )
    for codename in ("add_image", "choose_image"):
        GroupCollectionPermission.objects.create(
            group=group,
            collection=Collection.get_first_root_node(),
            permission=Permission.objects.get(
                codename=codename, content_type__app_label="wagtailimages"
            ),
        )
    user.groups.add(group)
    return user


@pytest.fixture
def queued():
    """The names of the tasks of imports that were put in the queue, in order."""
    names = []

    def note(sender, task_result, **kwargs):
        module, _dot, name = task_result.task.module_path.rpartition(".")
        # Events are recorded by tasks too: the editor logs in.
        if module.startswith("wagtail_gamification") and name.endswith("_import"):
            names.append(name)

    # The queue itself is another one in each thread.
    task_enqueued.connect(note)
    yield names
    task_enqueued.disconnect(note)


class Visit:
    """What has to be true on each screen, for whoever sees it and in the database."""

    def __init__(self, page, expect, queued, folder):
        self.page = page
        self.expect = expect
        self.queued = queued
        self.folder = folder
        self.seen = []
        self.badges = BadgeDefinition.objects.filter(locale__language_code="en")
        self.before = dict(self.badges.values_list("slug", "points"))
        self.images = get_image_model().objects.count()
        # While a worker works in this thread, no request reads its open transaction.
        page.route(re.compile("/status/"), lambda route: route.continue_())

    def __call__(self, name):
        self.seen.append(name)
        assert_fits(self.page)
        getattr(self, name)()

    @property
    def job(self):
        return ImportJob.objects.get()

    def points(self):
        return dict(self.badges.values_list("slug", "points"))

    def says(self, text):
        self.expect(self.page.get_by_role("main")).to_contain_text(text)

    def row(self, name):
        return self.page.get_by_role("row").filter(has_text=name)

    def tab_stops(self):
        """Give what the tab key reaches, each with its name."""
        self.page.evaluate("document.activeElement.blur()")
        stops = []
        for _press in range(MANY):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(FOCUSED)
            if stop is None:
                break
            stops.append(tuple(stop))
        return [(kind, re.sub(r"\s+", " ", name).strip("* ")) for kind, name in stops]

    def upload(self):
        stops = self.tab_stops()
        assert ("file", "Spreadsheet") in stops
        assert ("file", "Images") in stops
        assert ("button", "Upload and check") in stops
        assert not ImportJob.objects.exists()
        self.says("10.0\xa0MB")

    def match(self):
        covering = self.page.locator(".gamification-columns > div").evaluate_all(
            "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).length"
        )
        assert covering == 0
        # Each heading is known, apart from two.
        assert self.job.state == State.UPLOADED
        remarks = self.page.get_by_role("combobox", name=import_walk.REMARKS)
        self.expect(remarks).to_have_value("")
        self.expect(remarks).to_have_accessible_description(re.compile("recognised"))
        self.expect(self.page.get_by_text("wasn't recognised")).to_have_count(2)

    def checking(self):
        assert self.queued == ["preview_import"]
        assert self.job.state == State.PREVIEWING
        assert self.job.mapping["Badges"][import_walk.UNKNOWN] == "points"
        assert self.job.mapping["Badges"][import_walk.REMARKS] == ""

        # Another process says how far it is; a screen reader hears of it.
        said = self.page.get_by_role("status").and_(self.page.locator("#import-said"))
        self.expect(said).to_have_text("Checking the file…")
        for done, total, percent in ((30, 120, 25), (90, 120, 75)):
            ProgressNote(self.job).write(Stage.CHECKING, done, total)
            sentence = f"Checking the rows: {done} of {total}"
            self.expect(said).to_have_text(sentence)
            bar = self.page.get_by_role("progressbar", name=sentence)
            self.expect(bar).to_have_attribute("value", str(percent))
        assert violations(self.page) == {}

        runs.preview(str(self.job.pk))

    def preview(self):
        assert self.job.totals == {
            "created": 3,
            "updated": 2,
            "skipped": self.job.rows.count() - 6,
            "refused": 1,
        }
        assert self.points() == self.before
        assert get_image_model().objects.count() == self.images
        self.says("Nothing has been written yet.")

    def new(self):
        thumbnail = self.row("Wren in the ivy").locator("img")
        self.expect(thumbnail).to_have_count(1)
        self.expect(thumbnail).to_have_js_property("complete", True)
        assert thumbnail.evaluate("image => image.naturalWidth")
        assert not get_image_model().objects.filter(title__icontains="wren").exists()

    def changed(self):
        row = self.row("Bumblebee")
        self.expect(row.locator("del")).to_have_text("15")
        self.expect(row.locator("ins")).to_have_text("20")
        self.expect(row).to_contain_text("Before:")
        self.expect(self.row("Toadstool")).to_have_count(0)

    def refused(self):
        row = self.row("Toadstool")
        self.expect(row).to_contain_text(import_walk.REASON)
        self.expect(row).to_contain_text("category", ignore_case=True)
        stops = self.tab_stops()
        for stop in (
            ("a", "New 3"),
            ("a", "Changed 2"),
            ("a", "XLSX"),
            ("input", "Import nothing until they are mended"),
            ("select", "Collection for new images"),
            ("button", "Import 5 rows"),
        ):
            assert stop in stops

    def choose(self):
        image = self.page.get_by_role("combobox", name="Collection for new images")
        self.expect(image).to_be_visible()

    def progress(self):
        job = self.job
        assert self.queued == ["preview_import", "run_import"]
        assert job.state == State.QUEUED
        runs.run(str(job.pk))

    def result(self):
        assert self.job.state == State.DONE
        assert self.points() == (
            self.before
            | import_walk.CHANGED
            | {slug: values[3] for slug, values in import_walk.NEW.items()}
        )
        assert self.badges.filter(slug__in=NEW, live=True).count() == len(NEW)
        assert get_image_model().objects.count() == self.images + len(NEW)
        entries = ModelLogEntry.objects.filter(uuid=self.job.pk)
        # A double click started it once.
        created = entries.filter(
            action="wagtail.create", content_type__model="badgedefinition"
        )
        assert {entry.user.username for entry in entries} == {"edith"}
        assert sorted(created.values_list("object_id", flat=True)) == sorted(
            str(pk)
            for pk in self.badges.filter(slug__in=NEW).values_list("pk", flat=True)
        )

        path = import_walk.download_refused(self.page, self.folder)
        rows = list(openpyxl.load_workbook(path)["Badges"].iter_rows(values_only=True))
        [row] = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        assert row["slug"] == import_walk.REFUSED
        assert import_walk.REASON in row["Reason"]

        # Somebody is quicker than the editor changes her mind.
        self.badges.get(slug=EARNED).award(create_player())

    def undo(self):
        self.says("2 new definitions will be deleted.")
        self.says("2 definitions will go back to how they were before.")
        self.expect(self.row("Barn owl")).to_contain_text("1 player has earned it.")
        assert self.job.state == State.DONE

    def undoing(self):
        assert self.queued[-1] == "undo_import"
        runs.undo(str(self.job.pk))

    def undone(self):
        assert self.job.state == State.UNDONE
        assert self.points() == self.before | {EARNED: import_walk.NEW[EARNED][3]}
        # Others may have chosen the images since.
        assert get_image_model().objects.count() == self.images + len(NEW)
        self.says("4 definitions were taken back.")
        import_walk.choose_rows(self.page, "New")
        self.expect(self.row("Barn owl")).to_contain_text("1 player has earned it.")

    def history(self):
        row = self.row("spring-badges.xlsx")
        self.expect(row).to_contain_text("Undone")
        self.expect(row).to_contain_text("edith")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 420)])
def test_an_editor_imports_watches_and_takes_back(
    expect, open_page, editor, queued, live_server, tmp_path, scheme, width
):
    workbook, images = import_walk.prepare(tmp_path)
    page = open_page("/admin/", user=editor, width=width, color_scheme=scheme)
    visit = Visit(page, expect, queued, tmp_path)

    import_walk.walk(page, live_server.url, workbook, images, visit)

    assert visit.seen == [
        "upload",
        "match",
        "checking",
        "preview",
        "new",
        "changed",
        "refused",
        "choose",
        "progress",
        "result",
        "undo",
        "undoing",
        "undone",
        "history",
    ]
    assert queued == ["preview_import", "run_import", "undo_import"]
