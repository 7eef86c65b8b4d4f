"""The page of all rules."""

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.services import decide
from evenhand.desk.rules import services
from evenhand.desk.rules.jobs import keep_in_band
from tests.desk.conftest import appealed, post, sent


def test_an_empty_desk_says_how_to_begin(desk, platform, text):
    assert "No rules were published yet" in text(desk.get("/rules/"))


def test_a_new_rule_is_a_draft_and_folded_away(desk, project, text):
    page = text(desk.get("/rules/"))
    assert "3 drafts" in page
    assert "nothing runs" in page


def test_a_rule_tells_its_stage_what_it_asks_for_and_how_often_it_fired(desk, to_stage, fold, text):
    to_stage("Pills", "live")
    fold(*(sent(post(f"p{number}", "cheap pills", author=f"a{number}")) for number in range(3)))
    page = text(desk.get("/rules/"))
    assert "asks for a person: Spam" in page
    assert "labels seller" in page
    assert "3 in 24 h, 3 in 7 days" in page
    assert "‹author id› sells pills" in page
    assert "no case decided, 30 days" in page


def test_what_needs_somebody_comes_first(desk, to_stage, fold, text):
    to_stage("Flood", "live")
    to_stage("Pills", "live", high_per_day=1)
    fold(*(sent(post(f"p{number}", "cheap pills", author="ann")) for number in range(4)))
    assert keep_in_band() == ["Pills"]
    page = text(desk.get("/rules/"))
    assert "Stepped back to shadow: It fired 4 times in 24 h; its band ends at 1." in page
    assert page.index("Stepped back") < page.index("three posts in an hour")


def test_agreement_names_its_number_and_its_time(desk, to_stage, fold, text, ana):
    to_stage("Pills", "live")
    fold(sent(post("p1", "cheap pills")), sent(post("p2", "cheap pills", author="bob")))
    for case, do in zip(Case.objects.order_by("pk"), ("dismiss", "act:remove"), strict=True):
        desk.get(f"/cases/{case.pk}/")
        desk.post(f"/cases/{case.pk}/decide/", {"do": do, "version": case.version, "policy": "spam"})
    assert "1 of 2 decided cases upheld, 30 days" in text(desk.get("/rules/"))


def test_what_an_appeal_overturned_was_decided_but_is_no_agreement(desk, to_stage, fold, text, person):
    to_stage("Pills", "live")
    fold(sent(post("p1", "cheap pills")))
    case = Case.objects.get()
    desk.get(f"/cases/{case.pk}/")
    desk.post(f"/cases/{case.pk}/decide/", {"do": "act:remove", "version": 1, "policy": "spam"})
    assert "1 of 1 decided" in text(desk.get("/rules/"))
    fold(appealed(post("p1", "cheap pills")))
    decide(Case.objects.get(kind="appeal").pk, version=1, by=person("ben"), kind="overturn", policy="spam")
    assert "0 of 1 decided" in text(desk.get("/rules/"))


def test_who_configures_the_platform_only_does_not_see_rules(admin, project):
    assert admin.get("/rules/").status_code == 403


def test_the_page_asks_as_often_for_many_rules_as_for_few(desk, to_stage, django_assert_num_queries, platform):
    main = "Text: str = JsonData(path='$.text')\n" + "\n".join(
        f"R{number} = Rule(when_all=[Text == '{number}'], description='{number}')" for number in range(40)
    )
    main += "\nWhenRules(rules_any=[R1], then=[Enqueue(policy='spam')])"
    desk.get("/rules/")
    with django_assert_num_queries(11):
        desk.get("/rules/")
    services.publish({"main.sml": main}, {}, actor="user:ana")
    for number in range(20):
        to_stage(f"R{number}", "live")
    desk.get("/rules/")
    with django_assert_num_queries(11):
        desk.get("/rules/")
