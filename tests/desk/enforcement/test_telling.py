"""What judged people are told: in their language, in the platform's words before the desk's, never with a hole."""

import msgspec
import pytest
from django.utils import timezone

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Decision, Delivery
from evenhand.desk.enforcement.services import Chosen, Invalid, decide, hold, request_action, undo
from evenhand.desk.enforcement.services.telling import built_in
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies import services as policy_services
from evenhand.engine.model import Item, Ref
from evenhand.engine.platform.telling import fill
from tests.desk.conftest import post, reported, sent
from tests.support.platform import CHILD_SAFETY_QUEUE, DOCUMENT


def apply(*templates: str, top: str = "", **changes: str) -> None:
    """The tests' document, whose accounts and posts have a language and whose spam is held by removing."""
    text = DOCUMENT.replace("{hooks}", "http://127.0.0.1:9/hooks").replace("{other}", "http://127.0.0.1:9/other")
    text = text.replace(
        '{ name = "handle",', '{ name = "speaks", type = "STRING", role = "language" }, { name = "handle",'
    )
    text = text.replace('{ name = "text",', '{ name = "tongue", type = "STRING", role = "language" }, { name = "text",')
    text = text.replace('name = "Spam"\n', 'name = "Spam"\nhold = "remove"\n', 1)
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new, 1)
    text = top + text.replace("{queues}", CHILD_SAFETY_QUEUE) + "".join(templates)
    policy_services.apply(policy_services.read(text), actor="system:test")
    policies.current(fresh=True)


def template(id_: str, message: str, when: str = "act", **more: str) -> str:
    keys = {"id": id_, "when": when, "message": message, **more}
    return "\n[[templates]]\n" + "".join(f'{key} = "{value}"\n' for key, value in keys.items())


@pytest.fixture
def platform(db):
    apply()
    return policies.current(fresh=True)


def account(language: str) -> Item:
    return Item(ref=Ref("account", "ann"), kind="user", data={"speaks": language}, name="ann")


@pytest.fixture
def case(fold):
    fold(reported(post("p1", "Buy {policy} boats")))
    return Case.objects.get()


def acted(case, ana, reason: str = "", action: str = "remove") -> Decision:
    return decide(
        case.pk, version=case.version, by=ana, kind="act", policy="spam", actions=[Chosen(action)], reason=reason
    )


def told() -> dict | None:
    return msgspec.json.decode(Delivery.objects.latest("pk").body)["told"]


def test_without_templates_the_desk_says_what_was_decided(case, ana):
    acted(case, ana)
    assert told() == {
        "text": "What was decided: Remove. It breaks the rule “Spam”. You can object to this on the platform.",
        "language": "en",
        "template": "act-en",
    }


def test_the_desk_has_words_for_each_occasion_in_both_languages_that_need_only_what_is_known():
    assert {(one.when, one.language) for one in built_in()} == {
        (when, tag) for when in ("act", "hold", "hold_by_person", "back") for tag in ("en", "de")
    }
    for one in built_in():
        known = {"policy": "Spam", "action": "Hide"} | ({"until": "soon"} if one.when.startswith("hold") else {})
        assert "{" not in fill(one, known).text


@pytest.mark.parametrize(
    ("spoken", "language"),
    [(("de", "en", "en"), "de"), (("", "de-AT", "en"), "de"), (("fr", "xx", "de"), "de"), (("fr", "xx", "sv"), "en")],
)
def test_the_authors_language_counts_then_the_items_then_the_platforms(fold, ana, spoken, language):
    author, item, platform_ = spoken
    apply(top=f'language = "{platform_}"\n')
    fold(sent(account(author)), reported(msgspec.structs.replace(post("p1"), data={"text": "hi", "tongue": item})))
    acted(Case.objects.get(), ana)
    assert told()["language"] == language


def test_a_template_is_filled_in_one_pass(case, ana):
    url = 'appeal_url = "https://place.example/appeal?of={decision}"\n'
    words = "{platform}: {item_type} “{item_excerpt}” {action}, {policy}: {reason} {appeal_url} {{x}}"
    apply(template("mine", words), top=url)
    decision = acted(case, ana, reason="advertising")
    assert told()["text"] == (
        "Testplace: Post “Buy {policy} boats” Remove, Spam: advertising"
        f" https://place.example/appeal?of={decision.uid} {{x}}"
    )


def test_whoever_decides_is_asked_for_what_is_missing_and_nothing_is_changed(case, ana):
    apply(template("mine", "Because {reason}"))
    with pytest.raises(Invalid, match="Give a reason"):
        acted(case, ana)
    assert not Decision.objects.exists()
    acted(case, ana, reason="advertising")
    assert told()["text"] == "Because advertising"


def test_a_program_that_gives_no_reason_has_the_desks_own_words_sent(case):
    apply(template("mine", "Because {reason}"))
    request_action(action_id="remove", item=Ref("post", "p1"), key_name="k", policies_=["spam"])
    assert told()["template"] == "act-en"
    request_action(action_id="remove", item=Ref("post", "p1"), key_name="k")
    assert told() is None


def test_a_template_of_a_policy_and_one_above_it(case, ana):
    apply(template("all", "all"), template("mine", "mine") + 'policies = ["spam"]\n')
    acted(case, ana)
    assert told()["text"] == "mine"


def test_an_action_that_tells_nobody_has_no_message(case, ana):
    apply(**{'id = "elsewhere"\n': 'id = "elsewhere"\ntells = false\n'})
    acted(case, ana, action="elsewhere")
    assert told() is None


def test_taking_back_is_told_and_never_kept_from_happening(case, ana):
    apply(template("mine", "Back, because {reason}", when="back"))
    decision = acted(case, ana)
    Delivery.objects.update(state="delivered", attempts=1)
    Decision.objects.update(effective_at=timezone.now())
    undo(decision.uid, ana)
    assert told()["text"] == "What was done before is taken back: Restore."


def test_a_hold_is_told_in_every_language_in_the_platforms_words_where_there_are_any(case, ana):
    apply(template("mine", "Verborgen bis {until}: {policy}", when="hold_by_person", language="de"))
    made = hold(case.pk, version=case.version, by=ana, policy="spam", hours=6)
    until = f"{made.hold.until:%Y-%m-%d %H:%M} UTC"
    body = msgspec.json.decode(Delivery.objects.get().body)
    assert body["hold"]["statements"]["de"] == f"Verborgen bis {until}: Spam"
    assert "A moderator looks at whether it breaks the rule “Spam”" in body["hold"]["statements"]["en"]
    assert body["note"] == body["told"]["text"]


def test_the_document_refuses_words_that_could_never_be_filled(platform):
    with pytest.raises(policy_services.Invalid, match="polcy"):
        apply(template("mine", "{polcy}"))
