"""The demo site over HTTP. Each test that changes something has its own member."""

import json
import re

import pytest

TIDES = "/lessons/why-the-tide-is-sometimes-huge/"
SONGS = "/lessons/five-songs-to-start-with/"
NESTS = "/lessons/nests-after-the-leaves-fall/"
SATURN = "/lessons/finding-saturn/"
# What a member is told of by itself.
TOLD = ".gamification-toast__item"
LOCKED_TIDES = "The gully fills from behind"
LOCKED_SONGS = "a little bit of bread"


def points(visitor):
    [text] = visitor.get("/profile/").texts(".account .gamification-points")
    return int(text.split()[0])


def test_loading_says_where_it_is_and_who_can_log_in(demo):
    assert "http://127.0.0.1:8000/" in demo.first_output
    for word in ("maya", "rosa", "kit", "editor", "admin", "lapwing"):
        assert word in demo.first_output


def test_loading_a_second_time_changes_nothing(demo):
    assert "0 created, 0 updated" in demo.second_output
    assert demo.second_dump == demo.first_dump


def test_every_page_of_the_tree_answers(visitor):
    lessons = visitor.get("/lessons/")
    links = {tag["href"] for tag in lessons.page.select("a.lesson-card")}

    answers = {path: visitor.get(path).status for path in {"/", "/members/", *links}}

    assert len(links) == 20
    assert answers.pop(SATURN) == 403
    assert set(answers.values()) == {200}


def test_a_lesson_opens_with_a_level(member, visitor):
    maya = member("maya")
    assert "the planet had ears" in maya.get(SATURN).html

    closed = visitor.get(SATURN)

    assert closed.status == 403
    assert "Opens with the level “Sapling”" in " ".join(closed.texts("main"))
    assert "the planet had ears" not in closed.html
    assert "Opens later" in visitor.get("/lessons/").texts(".tag")
    assert "Opens later" not in maya.get("/lessons/").texts(".tag")


def test_programs_read_badges_and_the_own_shelf(visitor, member):
    badges = json.loads(visitor.get("/api/v2/badges/?locale=fr").html)
    shelf = json.loads(member("maya").get("/api/v2/me/shelf/?show=earned").html)

    assert badges["meta"]["total_count"] > 20
    assert badges["items"][0]["image"]["full_url"].startswith("http")
    assert shelf["points"] > 0
    assert visitor.get("/api/v2/me/shelf/").status == 403


def test_a_cache_may_keep_the_noticeboard(member):
    board = member("maya").get("/noticeboard/")

    assert "Cookie" not in board.headers.get("Vary", "")
    assert "Set-Cookie" not in board.headers
    assert len(board.page.select("gamification-fragment")) == 11
    assert board.page.select(".gamification-recent")


def test_an_anonymous_visitor_sees_a_locked_shelf(visitor):
    home = visitor.get("/")

    assert home.page.select(".gamification-badge--locked")
    assert not home.page.select(".gamification-badge--earned")


@pytest.mark.parametrize(
    ("path", "locked"), [(TIDES, LOCKED_TIDES), (SONGS, LOCKED_SONGS)]
)
def test_what_is_locked_is_not_in_the_page_of_an_anonymous_visitor(
    visitor, path, locked
):
    lesson = visitor.get(path)

    assert locked not in lesson.html
    assert lesson.page.select(".gamification-gate")


def test_the_locked_section_opens_with_the_points(member):
    kit = member("kit")
    assert points(kit) == 0
    assert LOCKED_SONGS not in kit.get(SONGS).html

    # How soon depends on the hour: the early and the late get a badge for it.
    answers = [
        kit.press("/lessons/keeping-a-field-notebook/", "Mark as done"),
        kit.press(NESTS, "Mark as done"),
    ]

    assert points(kit) >= 40
    assert all(answer.texts(TOLD) for answer in answers)
    told = " ".join(kit.get("/badges/notices/").texts("main li"))
    assert "You have unlocked “The song library”." in told
    assert LOCKED_SONGS in kit.get(SONGS).html
    assert LOCKED_TIDES not in kit.get(TIDES).html


def test_finishing_a_lesson_earns_its_badge_and_says_so(member):
    wilf = member("wilf")
    before = points(wilf)

    answer = wilf.press("/lessons/what-lives-in-a-rock-pool/", "Mark as done")

    told = " ".join(answer.texts(TOLD))
    assert "Crab at home" in told
    assert "Tideline" in told
    assert "You finished this lesson on" in answer.html
    assert points(wilf) >= before + 25
    shelf = wilf.get("/profile/")
    assert not shelf.texts(TOLD)
    assert "Crab at home" in shelf.texts(
        ".gamification-badge--earned .gamification-badge__name"
    )


def test_a_lesson_counts_once_however_often_it_is_sent(member):
    priya = member("priya")
    form = priya.get(NESTS).page.select_one(".finish form")
    token = form.select_one("input[name=csrfmiddlewaretoken]")["value"]
    priya.post(form["action"], csrfmiddlewaretoken=token)
    once = points(priya)

    again = priya.post(form["action"], csrfmiddlewaretoken=token)

    assert "already" in " ".join(again.texts(".news__item"))
    assert points(priya) == once


def comment_on(visitor, path, text):
    page = visitor.get(path).page
    form = page.select_one(".comments__form")
    token = form.select_one("input[name=csrfmiddlewaretoken]")["value"]
    return visitor.post(form["action"], csrfmiddlewaretoken=token, text=text)


def test_comments_on_three_lessons_earn_their_badge_and_nothing_runs_in_them(member):
    tomas = member("tomas")
    before = points(tomas)

    first = comment_on(tomas, TIDES, "<script>alert('tide')</script>")
    comment_on(tomas, TIDES, "Once more, for the points.")
    assert points(tomas) == before + 1
    comment_on(tomas, NESTS, "Two, low down.")
    third = comment_on(tomas, SONGS, "All five, before breakfast.")

    assert "<script>alert" not in first.html
    assert "<script>alert('tide')" in " ".join(first.texts(".comment"))
    assert "Good company" in " ".join(third.texts(TOLD))
    assert points(tomas) == before + 3 + 20


def test_a_comment_that_is_taken_back_takes_its_points_with_it(member):
    jonas = member("jonas")
    before = points(jonas)
    comment_on(jonas, NESTS, "Nothing, really.")
    assert points(jonas) == before + 1

    jonas.press(NESTS, "Delete my comment")

    assert points(jonas) == before


def test_an_empty_comment_is_refused_with_a_word(member):
    answer = comment_on(member("femi"), NESTS, "   ")

    assert "Please write something first." in answer.texts(".news__item")


def test_the_form_for_field_notes_counts_who_sent_it(member, visitor):
    idris = member("idris")
    fields = {"what_did_you_see": "A heron", "where": "The weir"}
    for person in (idris, visitor):
        form = person.get("/field-notes/").page.select_one("form.card")
        token = form.select_one("input[name=csrfmiddlewaretoken]")["value"]

        answer = person.post("/field-notes/", csrfmiddlewaretoken=token, **fields)

        assert "big map" in answer.html

    assert "Field reporter" in idris.get("/profile/").texts(
        ".gamification-badge--earned .gamification-badge__name"
    )


def test_the_profile_shows_each_step_and_the_rest_day(member):
    shelf = member("maya").get("/profile/")

    sentences = shelf.texts(".gamification-step__sentence")
    # It is today's login that makes it six.
    assert "Logs in for 7 days in a row, one missed day a week is forgiven" in sentences
    assert len(shelf.texts(".gamification-step__rest")) == 1
    assert shelf.texts(".gamification-steps--alternatives .gamification-step__sentence")
    assert "Steady lamp" in member("rosa").get("/profile/").texts(
        ".gamification-badge--earned .gamification-badge__name"
    )


def test_a_lesson_is_not_finished_without_the_form(member):
    leila = member("leila")
    action = leila.get(NESTS).page.select_one(".finish form")["action"]
    before = points(leila)

    assert leila.post(action).status == 403
    assert leila.get(action).status == 405

    assert points(leila) == before


def test_an_anonymous_visitor_is_led_to_the_login_and_back(visitor, member):
    lesson = visitor.get(NESTS)
    [link] = [tag["href"] for tag in lesson.page.select(".finish a.button")]
    assert link == f"/login/?next={NESTS}"
    action = member("anouk").get(NESTS).page.select_one(".finish form")["action"]
    token = visitor.get("/login/").page.select_one("input[name=csrfmiddlewaretoken]")

    answer = visitor.post(action, csrfmiddlewaretoken=token["value"])

    assert answer.url.endswith(f"/login/?next={NESTS}")


def test_the_profile_shows_level_shelf_and_unlockables(member):
    profile = member("maya").get("/profile/")

    assert profile.texts(".gamification-level__name") == ["Sapling"]
    earned = profile.texts(".gamification-badge--earned .gamification-badge__name")
    assert {"First footprint", "Well trodden"} <= set(earned)
    assert profile.page.select("progress")
    assert "The song library" in profile.texts(".gamification-badge__name")


def test_a_secret_badge_is_not_named_before_it_is_earned(member):
    assert "Message in a bottle" not in member("maya").get("/profile/").html
    assert "Message in a bottle" in member("rosa").get("/profile/").html


def test_members_see_each_other_unless_somebody_keeps_to_herself(visitor, member):
    listed = visitor.get("/members/").html
    assert "Rosa" in listed
    assert "Sunniva" not in listed
    assert visitor.get("/members/rosa/").status == 200

    assert visitor.get("/members/sunniva/").status == 404
    assert member("sunniva").get("/members/sunniva/").status == 200


def test_the_shelf_speaks_french(member):
    profile = member("maya").get("/fr/profile/")

    assert "Première empreinte" in profile.texts(".gamification-badge__name")
    assert "Vos badges" in profile.texts("h2")
    assert profile.page.html["lang"] == "fr"


def test_arabic_runs_from_right_to_left(visitor):
    home = visitor.get("/ar/")

    assert home.page.html["dir"] == "rtl"
    assert "ابدأ من حيث شئت" in home.texts("h2")
    # What was written in English stays so, and is read as such.
    assert home.page.select_one("h1 bdi")["lang"] == "en"


def test_the_editor_runs_the_catalogue_and_nothing_more(member):
    editor = member("editor")

    badges = editor.get("/admin/snippets/wagtail_gamification/badgedefinition/")

    assert badges.status == 200
    assert "First footprint" in badges.html
    assert "/admin/users/" not in badges.html
    assert editor.get("/admin/users/").url.endswith("/admin/")


def test_the_editor_can_open_a_lesson_with_a_locked_section(member):
    editor = member("editor")
    # The bar that Wagtail lays over the page links to its edit view.
    [edit] = set(re.findall(r"/admin/pages/\d+/edit/", editor.get(SONGS).html))

    form = editor.get(edit)

    assert form.status == 200
    assert "The song library" in form.html
