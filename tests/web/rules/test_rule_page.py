"""The page of one rule, and its next step."""

from datetime import datetime, timedelta

import msgspec
import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.rules import queries, services
from tests.desk.conftest import post, reported, sent
from tests.desk.rules.conftest import CONFIG, MAIN

STEP = {"stage": "shadow", "owner": "ana", "reason": "to see what it does", "share": "0.1", "cap_per_hour": "100"}


def test_a_rule_shows_its_source_with_line_numbers_and_what_follows_from_it(desk, project):
    page = desk.get("/rules/Pills/").content.decode()
    assert "main.sml:7<" in page
    assert "main.sml:11–14" in page
    assert "phrase=&#x27;cheap pills&#x27;" in page
    assert "Nobody has moved it yet" in page


def test_a_rule_shows_the_tests_that_name_it(desk, project, text):
    assert "No test names it." in text(desk.get("/rules/Pills/"))
    case = "Pills {word}:\n  given:\n    action_name: post\n    data: {{text: {text}}}\n  then:\n    {then}: [Pills]\n"
    tests = case.format(word="are caught", text="cheap pills", then="fired")
    tests += case.format(word="only", text="hello", then="not_fired")
    services.publish({"main.sml": MAIN}, CONFIG, actor="user:ana", tests={"tests/pills.yaml": tests})
    page = text(desk.get("/rules/Pills/"))
    assert "fires Pills are caught tests/pills.yaml:1" in page
    assert "keeps still Pills only tests/pills.yaml:7" in page


def test_a_name_that_no_rule_has_or_had_is_not_found(desk, project):
    assert desk.get("/rules/Nobody/").status_code == 404


def test_a_rule_takes_a_step_and_its_life_tells_who_and_why(desk, project, text, ana):
    answer = desk.post("/rules/Pills/move/", STEP)
    assert answer.status_code == 302
    page = text(desk.get("/rules/Pills/"))
    assert "to see what it does" in page
    assert "owner: ana" in page
    assert queries.lives()["Pills"].changed_by == f"user:{ana.pseudonym}"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"stage": "live"}, "let it run in shadow first"),
        ({"low_per_day": "5", "high_per_day": "1"}, "the lower end is above the upper one"),
        ({"expires_at": "2001-01-01T00:00"}, "The day on which it expires is past"),
        ({"share": "0", "stage": "shadow"}, "more than 0 and at most 1"),
    ],
)
def test_a_step_that_is_refused_is_told_beside_the_form_and_keeps_what_was_typed(desk, project, text, changed, told):
    answer = desk.post("/rules/Pills/move/", STEP | changed)
    assert answer.status_code == 422
    assert told in text(answer)
    assert "to see what it does" in answer.content.decode()
    assert queries.lives() == {}


def test_a_form_without_a_reason_changes_nothing(desk, project):
    assert desk.post("/rules/Pills/move/", STEP | {"reason": " "}).status_code == 422
    assert queries.lives() == {}


def test_hits_show_the_values_that_held_and_lead_to_the_case(desk, to_stage, fold, text):
    to_stage("Pills", "live")
    fold(sent(post("p1", "cheap pills", author="eve")))
    answer = desk.get("/rules/Pills/")
    assert "eve sells pills" in text(answer)
    assert "Text cheap pills" in text(answer)
    assert f'href="/cases/{Case.objects.get().pk}/?look"' in answer.content.decode()


def test_a_chart_has_its_figures_beside_it_and_draws_the_band(desk, to_stage, fold, text):
    to_stage("Pills", "live", low_per_day=1, high_per_day=5)
    fold(sent(post("p1", "cheap pills")), sent(post("p2", "cheap pills")))
    answer = desk.get("/rules/Pills/?period=month")
    assert "2 in all, from" in text(answer)
    assert "band 1–5" in text(answer)
    assert answer.content.decode().count('class="bar-line"') == 2
    assert "bar-line" not in desk.get("/rules/Pills/?period=hours").content.decode()


def test_hits_in_child_safety_cases_are_not_shown_to_others(desk, to_stage, fold, text):
    to_stage("Pills", "shadow")
    item = post("p1", "cheap pills", author="secret")
    fold(sent(item))
    assert "secret" in text(desk.get("/rules/Pills/"))
    fold(*(reported(item, reporter=f"r{number}", policy="minors", csam=True) for number in range(5)))
    page = text(desk.get("/rules/Pills/"))
    assert "secret" not in page
    assert "6 more are not for your role." in page


def test_who_does_not_see_content_sees_the_rule_and_not_its_hits(auditor, to_stage, fold, text):
    to_stage("Pills", "live")
    fold(sent(post("p1", "cheap pills", author="eve")))
    page = text(auditor.get("/rules/Pills/"))
    assert "Your role does not see content." in page
    assert "eve" not in page
    assert "Take the step" not in page
    assert auditor.post("/rules/Pills/move/", STEP).status_code == 403


def test_a_rule_that_left_the_project_keeps_its_page(desk, to_stage, text):
    to_stage("Pills", "live")
    services.publish({"main.sml": "Text: str = JsonData(path='$.text')\n"}, {}, actor="user:ana")
    assert "nothing runs under this name" in text(desk.get("/rules/Pills/"))
    assert "no longer in the project" in text(desk.get("/rules/"))


@pytest.mark.parametrize("name", ["edit", "query", "versions"])
def test_a_rule_that_is_called_like_a_page_has_its_own(desk, platform, name):
    main = MAIN.replace("Pills", name)
    services.publish({"main.sml": main}, CONFIG, actor="user:ana")
    answer = desk.get(f"/rules/{name}/")
    assert answer.context["page"].name == name
    assert desk.post(f"/rules/{name}/move/", STEP).status_code == 302


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/rules/edit/?file=main.sml", "/rules/-/edit/?file=main.sml"),
        ("/rules/query/?q=Text+%21%3D+None&days=7", "/rules/-/query/?q=Text+%21%3D+None&days=7"),
        ("/rules/versions/", "/rules/-/versions/"),
        ("/rules/versions/1/", "/rules/-/versions/1/"),
    ],
)
def test_links_from_before_lead_to_where_the_pages_are_now(desk, project, old, new):
    answer = desk.get(old)
    assert answer["Location"] == new
    assert desk.get(new).status_code == 200


def test_a_rule_tells_how_often_it_failed_of_how_many_events_and_in_which_time(desk, to_stage, fold, text):
    to_stage("Pills", "shadow")
    assert "No error kept it from an answer in this time." in text(desk.get("/rules/Pills/"))
    without = post("p1", "")
    fold(sent(post("p2", "hello")), sent(msgspec.structs.replace(without, data={})))
    page = text(desk.get("/rules/Pills/?period=month"))
    assert "An error left it without an answer or an effect 1 time, of 2 events in 30 days." in page
    assert "main.sml:2:" in page


def test_the_axis_of_a_chart_ends_now_and_its_key_is_in_words(desk, to_stage, fold, text):
    to_stage("Pills", "shadow")
    fold(sent(post("p1", "cheap pills")))
    chart = desk.get("/rules/Pills/").context["page"].chart
    begins = [datetime.strptime(one, "%Y-%m-%d %H:%M") for one in (chart.points[-1].label, chart.ends)]  # noqa: DTZ007 (both in UTC)
    assert timedelta(hours=23) <= begins[1] - begins[0] < timedelta(days=1)
    assert chart.legend == [("shadow", "in shadow")]
