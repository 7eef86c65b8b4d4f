"""A case that a rule helped open says which conditions held, and what stood in them."""

from evenhand.desk.cases.models import Case
from evenhand.desk.rules import services
from evenhand.engine.detect.ruleunread import NOT_READ
from tests.desk.conftest import post, sent
from tests.desk.rules.conftest import CONFIG, MAIN


def test_the_case_says_why_a_rule_fired(desk, fold, to_stage, text):
    to_stage("Pills", "live")
    fold(sent(post("p1", "cheap pills for all")))
    answer = desk.get(f"/cases/{Case.objects.get().pk}/?look")
    assert 'href="/rules/Pills/"' in answer.content.decode()
    assert "Why it fired" in text(answer)
    assert "phrase=&#x27;cheap pills&#x27;" in answer.content.decode()
    assert "Text contains “cheap pills”, as the rule asks." in text(answer)


def test_of_a_version_that_is_no_longer_in_force_the_conditions_are_shown_as_they_were_written(
    desk, fold, to_stage, text
):
    to_stage("Pills", "live")
    fold(sent(post("p1", "cheap pills for all")))
    services.publish({"main.sml": MAIN.replace("cheap pills", "dear pills")}, CONFIG, actor="user:ben")
    page = text(desk.get(f"/cases/{Case.objects.get().pk}/?look"))
    assert "phrase=&#x27;cheap pills&#x27;" in page
    assert "dear pills" not in page


def test_the_case_of_an_item_that_takes_too_much_work_says_that_rules_have_not_read_it(desk, fold, to_stage, text):
    steps = "\n".join(f"C{n} = StringClean(s=Text, form='NFC')" for n in range(30))
    services.publish({"main.sml": f"{MAIN}\n{steps}\n"}, CONFIG, actor="user:ben")
    to_stage("Pills", "live")
    fold(sent(post("p1", "cheap pills " + "é" * 100_000)))
    assert NOT_READ in text(desk.get(f"/cases/{Case.objects.get().pk}/?look"))
