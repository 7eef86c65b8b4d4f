"""On the case page: what a rule holds, the labels on item and author, and both by hand."""

import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Hold
from evenhand.desk.fields import now_micros
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies import services as policy_services
from evenhand.desk.rules import queries, services
from evenhand.engine.model import Ref
from tests.desk.conftest import post, sent
from tests.desk.rules.conftest import CONFIG, MAIN
from tests.support.platform import CHILD_SAFETY_QUEUE, DOCUMENT

SELLER = {"whom": "Account ann", "label": "seller", "status": "added", "days": "7", "reason": "saw it myself"}


@pytest.fixture
def platform(db):
    """Spam may be held by removing."""
    text = DOCUMENT.replace("{hooks}", "http://127.0.0.1:9/hooks").replace("{other}", "http://127.0.0.1:9/other")
    text = text.replace('name = "Spam"\n', 'name = "Spam"\nhold = "remove"\n')
    policy_services.apply(policy_services.read(text.replace("{queues}", CHILD_SAFETY_QUEUE)), actor="system:test")
    return policies.current(fresh=True)


@pytest.fixture
def case(to_stage, fold) -> Case:
    """The third post of an hour is held; its author sells, says a rule."""
    to_stage("Pills", "live")
    to_stage("Flood", "live")
    fold(sent(post("p1", "cheap pills")), sent(post("p2", "cheap pills")), sent(post("p3", "cheap pills")))
    return Case.objects.get(item_id="p3")


def test_a_held_item_tells_until_when_by_which_rule_and_why(desk, case, text):
    answer = desk.get(f"/cases/{case.pk}/")
    assert f"Hidden until {Hold.objects.get().until:%Y-%m-%d %H:%M} UTC, or until it is decided" in text(answer)
    assert "Held by the rule Flood : three posts in an hour" in text(answer)
    assert 'href="/rules/Flood/"' in answer.content.decode()


def test_a_hold_is_let_go_of_and_the_case_stays_open(desk, case, text, ana):
    assert desk.post(f"/cases/{case.pk}/release/").status_code == 302
    assert Hold.objects.get().end == Hold.End.RELEASED
    page = text(desk.get(f"/cases/{case.pk}/"))
    assert "Hidden until" not in page
    assert "No violation" in page
    answer = desk.post(f"/cases/{case.pk}/release/")
    assert answer.status_code == 409
    assert "This hold has ended already." in text(answer)


def test_a_label_shows_whose_it_is_and_who_set_it_why(desk, case, text):
    page = text(desk.get(f"/cases/{case.pk}/"))
    assert "seller author Account · Pills" in page
    assert "seller author Account · Pills" in page
    assert "ann sells pills" in page


def test_a_label_is_set_and_removed_by_hand(desk, case, ana):
    assert desk.post(f"/cases/{case.pk}/label/", SELLER).status_code == 302
    account = Ref("Account", "ann")
    [mark] = queries.of_entities([account], now=now_micros())[account]
    assert (mark.manual, mark.reason, mark.by) == (True, "saw it myself", f"user:{ana.pseudonym}")
    assert mark.expires_at is not None
    desk.post(f"/cases/{case.pk}/label/", SELLER | {"status": "removed"})
    assert queries.of_entities([account], now=now_micros()) == {account: []}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"reason": " "}, "Say why"),
        ({"whom": "Account somebody"}, "Say whom the label is about."),
        ({"label": "invented"}, "Choose one of the labels that the rules declare."),
        ({"days": "0"}, "Days are a whole number"),
        ({"status": "perhaps"}, "A label is added or removed"),
    ],
)
def test_a_label_form_with_a_mistake_changes_nothing_and_says_why(desk, case, text, changed, told):
    answer = desk.post(f"/cases/{case.pk}/label/", SELLER | changed)
    assert answer.status_code == 422
    assert told in text(answer)
    [mark] = queries.of_entities([Ref("Account", "ann")], now=now_micros())[Ref("Account", "ann")]
    assert not mark.manual


def test_a_hold_in_the_history_has_words_and_no_button_to_undo_it(desk, case, text):
    answer = desk.get(f"/cases/{case.pk}/")
    [moment] = [one for one in answer.context["page"].around.moments if one.kind == "decision"]
    assert not moment.undo
    assert (moment.title, moment.who, moment.text) == ("Held by the rule Flood: Remove", "", "three posts in an hour")


def test_the_end_of_a_hold_is_told_as_its_beginning_is(desk, case, text, ana):
    desk.post(f"/cases/{case.pk}/release/")
    moments = desk.get(f"/cases/{case.pk}/").context["page"].around.moments
    [back] = [one for one in moments if one.title.startswith("Hold by the rule Flood ended")]
    assert (back.who, back.text) == (ana.pseudonym, "three posts in an hour")


def test_no_sentence_names_its_rule_twice(desk, case):
    page = desk.get(f"/cases/{case.pk}/?look").context["page"]
    told = [one.told for one in (*page.around.findings, *page.around.marks.marked)]
    assert sorted(set(told)) == ["ann sells pills", "three posts in an hour"]
    assert not any("Rule " in line.sentence for line in page.why if line.rule)


BY_TYPE = CONFIG | {
    "labels": {
        "seller": {"valid_for": ["Account"], "connotation": "negative", "description": "sells"},
        "advert": {"valid_for": ["post"], "connotation": "neutral", "description": "sells something"},
    }
}


def test_the_author_is_marked_first_and_nothing_that_does_not_exist_is_offered(desk, case):
    shown = desk.get(f"/cases/{case.pk}/").context["page"].around.marks
    assert [one.key for one in shown.whom] == ["Account ann"]
    assert desk.post(f"/cases/{case.pk}/label/", SELLER | {"whom": "Account p3"}).status_code == 422


def test_the_item_is_offered_for_labels_of_its_own_type_only(desk, case, text):
    services.publish({"main.sml": MAIN}, BY_TYPE, actor="system:test")
    queries.forget()
    shown = desk.get(f"/cases/{case.pk}/").context["page"].around.marks
    assert [one.key for one in shown.whom] == ["Account ann", "post p3"]
    assert [one.name for one in shown.labels] == ["advert", "seller"]
    refused = desk.post(f"/cases/{case.pk}/label/", SELLER | {"whom": "post p3"})
    assert refused.status_code == 422
    assert "seller is a label for: Account." in text(refused)
    assert desk.post(f"/cases/{case.pk}/label/", SELLER | {"whom": "post p3", "label": "advert"}).status_code == 302


def test_a_word_of_the_rules_for_the_item_itself_means_the_item(desk, case):
    read = "Notice: Entity[str] = EntityJson(type='Notice', path='$.evenhand.item.id')\n"
    notices = CONFIG | {"labels": CONFIG["labels"] | {"advert": CONFIG["labels"]["seller"] | {"valid_for": ["Notice"]}}}
    services.publish({"main.sml": read + MAIN}, notices, actor="system:test")
    queries.forget()
    shown = desk.get(f"/cases/{case.pk}/").context["page"].around.marks
    assert [one.key for one in shown.whom] == ["Account ann", "Notice p3"]
