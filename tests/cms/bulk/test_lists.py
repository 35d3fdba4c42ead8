"""“Award from a list”: read, checked line by line, and only then done."""

import datetime
from io import BytesIO

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from wagtail_gamification.models import Award, GivingJob, PointChange
from wagtail_gamification.testing import create_badge_definition, create_player

from .conftest import edith, url

pytestmark = pytest.mark.django_db

AJAX = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def people():
    """Two of the same name, and one of another."""
    return {
        name: create_player(
            username=name, email=f"{name}@example.com", first_name=first, last_name=last
        )
        for name, first, last in (
            ("ann1", "Ann", "Lee"),
            ("ann2", "Ann", "Lee"),
            ("zoe", "Zoé", "Martin"),
        )
    }


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def csv(*rows):
    return SimpleUploadedFile("awards.csv", "\n".join(rows).encode())


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("awards.xlsx", stream.getvalue())


def problems_of(job):
    return dict(job.rows.values_list("line", "outcome"))


def checked(client, **fields):
    """Send a list that can be read, and give the job that is waiting for a yes."""
    response = client.post(url("list"), fields)
    assert response.status_code == 302, response.context["form"].errors
    return GivingJob.objects.latest("pk")


def test_names_usernames_and_addresses_are_found(editor, people, badge, at_work):
    client = editor()
    pasted = " ANN1 \r\n\r\nAnn2@Example.com\nzoé   MARTIN"

    job = checked(client, badge=badge.pk, people=pasted, reason="Thanks", tells="on")

    assert (job.state, job.players, problems_of(job)) == (
        "draft",
        3,
        {1: "", 3: "", 4: ""},
    )
    page = text_of(client.get(url("check", job)))
    assert "3 lines can be awarded." in page
    assert "Zoé Martin" in page
    assert not Award.objects.exists()
    with at_work():
        response = client.post(url("check", job))
    assert response.headers["Location"] == url("job", job)
    job.refresh_from_db()
    assert (job.state, job.given) == ("finished", 3)
    awards = Award.objects.filter(reason="Thanks", awarded_by=edith(), job=job)
    assert awards.count() == 3
    assert "Given to 3 players." in text_of(client.get(url("job", job)))


def test_unknown_and_ambiguous_people_are_shown_with_suggestions(
    editor, people, badge, at_work
):
    client = editor()
    job = checked(client, badge=badge.pk, people="Ann Lee\nZoe Martn\nnobody at all")
    assert problems_of(job) == {
        1: "ambiguous_person",
        2: "unknown_person",
        3: "unknown_person",
    }

    page = text_of(client.get(url("check", job)))

    assert "Several people have that name" in page
    assert "Nobody of that name is known" in page
    assert "choose who it is" in page
    assert "ann1@example.com" in page
    assert "ann2@example.com" in page
    assert "zoe@example.com" in page
    first, second, third = job.rows.order_by("line")
    assert third.suggestions is None
    with at_work():
        client.post(
            url("check", job),
            {
                f"choice-{first.pk}": people["ann2"].pk,
                # Nobody suggested that.
                f"choice-{second.pk}": people["ann1"].pk,
                f"choice-{third.pk}": "nonsense",
                f"choice-{'9' * 600}": "1",
            },
        )
    assert set(Award.objects.values_list("badge__interface", flat=True)) == {
        people["ann2"].pk
    }
    job.refresh_from_db()
    assert (job.given, job.could_not) == (1, 2)
    page = text_of(client.get(url("players", job)))
    assert "Zoe Martn" in page


def test_suggestions_are_for_those_who_may_see_players(editor, people, badge, at_work):
    client = editor("award_badge")
    job = checked(client, badge=badge.pk, people="Ann Lee\nZoe Martn")

    page = text_of(client.get(url("check", job)))

    assert "ann1@example.com" not in page
    assert "zoe@example.com" not in page
    assert "<select" not in page
    assert "choose who it is" not in page
    row = job.rows.get(line=1)
    with at_work():
        client.post(url("check", job), {f"choice-{row.pk}": people["ann1"].pk})
    assert not Award.objects.exists()


def test_each_line_says_what_is_wrong_with_it(editor, people, badge):
    create_badge_definition("A draft", live=False)
    other = create_badge_definition("Teachers only")
    other.awarding_groups.add(Group.objects.create(name="Teachers"))
    other.save()
    limited = create_badge_definition("Limited", awards_per_giver=3)
    ending = create_badge_definition("Ending", expires_after=5)
    badge.award(people["zoe"])
    client = editor()
    tomorrow = (timezone.localdate() + datetime.timedelta(days=1)).isoformat()
    rows = [
        ("ann1", "first-steps", "", "2020-05-17", ""),
        ("ann1", "First steps", "", "", "twice"),
        ("ann2", "First steps", "", "yesterday", "wrong_date"),
        ("ann2", "First steps", "", "0001-01-01", "wrong_date"),
        ("ann2", "First steps", "", tomorrow, "future_date"),
        ("ann2", "A draft", "", "", "not_live"),
        ("ann2", "Teachers only", "", "", "not_in_group"),
        ("ann2", "No such thing", "", "", "unknown_badge"),
        ("ann2", "Limited", "", "2020-05-17", "limited_date"),
        ("ann2", "Ending", "", "2020-05-17", "has_ended"),
        ("ann2", "", "", "", "no_badge"),
        ("ann2", "First steps", "x" * 3000, "", "long_reason"),
        ("zoe", "First steps", "", "", "has_it_already"),
        ("edith", "First steps", "", "", "oneself"),
        ("", "First steps", "", "", "unknown_person"),
    ]
    file = csv("Person,Badge,Reason,Date", *(",".join(row[:4]) for row in rows))

    job = checked(client, file=file)

    assert list(problems_of(job).values()) == [row[4] for row in rows]
    assert (limited.pk, ending.pk) != (None, None)
    page = text_of(client.get(url("check", job)))
    assert "1 line can be awarded." in page
    assert "That day is still to come" in page
    assert "There is no such badge: No such thing" in page


@pytest.mark.parametrize("make", [csv, workbook])
def test_a_spreadsheet_says_who_what_why_and_when(editor, people, make, at_work):
    gold = create_badge_definition("Gold", points=5, expires_after=10_000)
    client = editor()
    rows = [
        ("PERSON", "badge", "Reason", "date", "shoe size"),
        ("ann1", "gold", "Won", "2020-05-17", "38"),
        ("zoe", "Gold", "", "", "40"),
    ]
    file = make(*(rows if make is workbook else map(",".join, rows)))
    with at_work():
        job = checked(client, file=file, reason="For all")
        client.post(url("check", job))

    job.refresh_from_db()
    assert (job.given, job.title) == (2, "Several badges")
    award = Award.objects.get(badge__interface=people["ann1"])
    day = datetime.date(2020, 5, 17)
    assert timezone.localtime(award.awarded_at).date() == day
    assert award.reason == "Won"
    assert award.expires_at == award.awarded_at + datetime.timedelta(days=10_000)
    assert award.badge.acquired_at == award.awarded_at
    assert PointChange.objects.get(award=award).time == award.awarded_at
    now = Award.objects.get(badge__interface=people["zoe"])
    assert now.reason == "For all"
    assert now.awarded_at > job.created_at
    assert gold.pk == now.badge.badge_definition_id

    with at_work():
        client.post(url("undo", job))
    assert not Award.objects.filter(revoked_at=None).exists()
    for name in ("ann1", "zoe"):
        people[name].refresh_from_db()
        assert people[name].points == 0


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"people": ""}, "There is nobody in this list."),
        ({"people": "ann1", "badge": ""}, "Choose the badge"),
        ({"people": "ann1", "file": csv("Person", "x")}, "Give either"),
        ({"file": csv("Shoe size", "38")}, "One of them has to be called"),
        ({"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4")}, "a PDF document"),
        ({"file": csv("Person")}, "There is nobody in this list."),
        ({"people": "ann\n" * 100_000}, "At most 5,000 lines"),
        ({"people": "\n" * 100_000}, "At most 5,000 lines"),
        ({"file": csv("Person", *["ann"] * 100_000)}, "At most 5,000 lines"),
    ],
)
def test_what_can_not_be_read_is_refused(editor, badge, fields, text):
    client = editor()

    page = text_of(client.post(url("list"), {"badge": badge.pk, **fields}))

    assert text in page
    assert not GivingJob.objects.exists()


def test_what_is_too_much_to_read_is_refused_unread(editor, badge, settings):
    client = editor()
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    response = client.post(url("list"), {"badge": badge.pk, "people": "ann\n" * 9000})
    assert response.status_code == 413
    assert "At most 5,000 lines" in response.content.decode()

    settings.WAGTAIL_GAMIFICATION_IMPORT_MAX_FILE_SIZE = 1000
    file = csv("Person", *["ann"] * 1000)
    page = text_of(client.post(url("list"), {"badge": badge.pk, "file": file}))
    assert "This file is too large." in page
    assert not GivingJob.objects.exists()


def test_it_takes_the_permission_to_award(editor, people):
    client = editor("adjust_points", "revoke_badge", "view_gamificationinterface")

    assert client.get(url("list"), headers=AJAX).status_code == 403
    assert client.post(url("list"), headers=AJAX).status_code == 403
    assert url("list") not in text_of(client.get(url("index")))


def test_a_list_is_started_once_by_whose_it_is(
    editor, cms, people, badge, at_work, admin
):
    other = Client()
    other.force_login(admin)
    client = editor()
    job = checked(client, badge=badge.pk, people="ann1")

    for name in ("check", "discard"):
        assert other.post(url(name, job)).status_code == 404
    with at_work():
        client.post(url("check", job))
        page = text_of(client.post(url("check", job), follow=True))
    assert "started already" in page
    assert Award.objects.count() == 1
    assert client.get(url("check", job)).status_code == 302
    assert client.post(url("discard", job), headers=AJAX).status_code == 403
    assert GivingJob.objects.filter(pk=job.pk).exists()


def test_a_list_that_was_not_started_can_be_discarded(editor, people, badge):
    client = editor()
    job = checked(client, badge=badge.pk, people="ann1")
    assert client.get(url("discard", job)).status_code == 405
    assert client.get(url("job", job)).headers["Location"] == url("check", job)

    client.post(url("discard", job))

    assert not GivingJob.objects.exists()


def test_changes_take_the_token(editor, people, badge):
    job = checked(editor(), badge=badge.pk, people="ann1")
    client = Client(enforce_csrf_checks=True)
    client.force_login(edith())

    for address in (url("list"), url("check", job), url("discard", job)):
        assert client.post(address, {"people": "ann1"}).status_code == 403

    job.refresh_from_db()
    assert job.state == "draft"


def test_who_is_deleted_between_check_and_yes_is_left_out(
    editor, people, badge, at_work
):
    client = editor()
    job = checked(client, badge=badge.pk, people="ann1\nzoe")
    people["ann1"].user.delete()

    with at_work():
        client.post(url("check", job))

    job.refresh_from_db()
    assert (job.state, job.given) == ("finished", 1)


def test_script_and_formulas_are_text(editor, badge):
    client = editor()
    script = "<script>alert(1)</script>"
    job = checked(client, badge=badge.pk, people=f"{script}\n=cmd()", reason=script)

    assert script not in text_of(client.get(url("check", job)))
    client.post(url("check", job))
    assert script not in text_of(client.get(url("players", job)))
    exported = b"".join(client.get(url("players", job), {"export": "csv"})).decode()
    assert "'=cmd()" in exported


def test_users_who_are_no_players_yet_become_some(
    editor, badge, settings, at_work, django_user_model
):
    settings.WAGTAIL_GAMIFICATION_CREATE_INTERFACES = False
    django_user_model.objects.create_user("new")
    client = editor()

    job = checked(client, badge=badge.pk, people="new")
    with at_work():
        client.post(url("check", job))

    job.refresh_from_db()
    assert job.given == 1


def test_checking_costs_the_same_for_many(editor, badge):
    for number in range(30):
        create_player(username=f"guest-{number}")
    client = editor()

    def queries(number):
        names = "\n".join(f"guest-{each}" for each in range(number))
        with CaptureQueriesContext(connection) as captured:
            job = checked(client, badge=badge.pk, people=f"{names}\nunknown")
            client.get(url("check", job))
        return len(captured)

    few = queries(2)

    assert queries(30) == few
