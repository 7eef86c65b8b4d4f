"""What was folded gathers into cases."""

from msgspec import structs

from evenhand.desk.cases.models import Case, CaseReport, ReporterTally
from evenhand.desk.cases.services import facts
from evenhand.desk.enforcement.services import decide
from evenhand.desk.intake.models import Item, ItemVersion, Report
from evenhand.desk.signals.models import ParkedEvent, Partition
from evenhand.engine.triage.lane import CRITICAL
from evenhand.runtime.eventlog import to_row
from tests.desk.conftest import appealed, post, reported, sent


def test_a_report_opens_a_case_on_its_item(fold):
    fold(reported(post("p1")))
    case = Case.objects.get()
    assert (case.item_type, case.item_id, case.state, case.policy) == ("post", "p1", "open", "spam")
    assert case.author_id == "ann"
    assert case.why["headline"]


def test_all_reports_of_one_item_gather_in_one_case_and_none_is_lost(fold):
    fold(*[reported(post("p1"), f"r{n}") for n in range(250)])
    case = Case.objects.get()
    assert CaseReport.objects.filter(case=case).count() == 250
    assert Report.objects.count() == 250


def test_an_item_alone_opens_no_case(fold):
    fold(sent(post("p1")))
    assert Item.objects.get().text == "hello"
    assert not Case.objects.exists()


def test_the_same_event_twice_is_folded_once(fold):
    once = reported(post("p1"))
    fold(once)
    fold(once)
    assert Report.objects.count() == 1
    assert CaseReport.objects.count() == 1


def test_a_changed_item_keeps_what_it_said_before(fold):
    fold(sent(post("p1", "first")), sent(post("p1", "second")), sent(post("p1", "second")))
    assert Item.objects.get().versions == 2
    assert '"text":"first"' in ItemVersion.objects.get().data


def test_a_partial_item_never_overwrites_a_full_one(fold):
    fold(sent(post("p1", "whole")), sent(post("p1", "", partial=True)))
    assert Item.objects.get().text == "whole"


def test_what_comes_along_with_a_report_or_an_appeal_takes_nothing_away(fold):
    whole = post("p1", "whole", created_at=5, views=9)
    short = structs.replace(post("p1", "whole"), creator=None, data={"note": "from the report"})
    fold(sent(whole), reported(short), appealed(short))
    item = Item.objects.get()
    assert (item.creator_id, item.views, item.text) == ("ann", 9, "whole")
    assert '"note":"from the report"' in item.data
    assert '"text":"whole"' in item.data


def test_the_same_words_under_a_new_platform_document_are_no_change(fold):
    fold(sent(post("p1", platform=1)), sent(post("p1", platform=2)))
    assert Item.objects.get().versions == 1


def test_more_people_reporting_never_lowers_the_order(fold):
    fold(reported(post("few"), "r1"), *[reported(post("many"), f"r{n}") for n in range(5)])
    assert Case.objects.get(item_id="many").rank >= Case.objects.get(item_id="few").rank


def test_csam_true_proposes_the_child_safety_policy_in_the_critical_lane(fold):
    fold(reported(post("p1"), policy=None, csam=True))
    case = Case.objects.get()
    assert (case.policy, case.queue, case.lane) == ("minors", "minors", 0)


def test_a_crowd_that_keeps_coming_pushes_out_neither_the_flag_nor_the_reporter_with_a_record(fold):
    ReporterTally.objects.create(reporter="user account good", upheld=9)
    crowd = [f"r{n}" for n in range(facts.MOST_REPORTS + 5)]
    fold(reported(post("flagged"), "witness", policy=None, csam=True), reported(post("vouched"), "good"))
    alone = Case.objects.get(item_id="vouched").why["policies"][0]["probability"]
    fold(*(reported(post(id_), who) for id_ in ("flagged", "vouched") for who in crowd))
    assert Case.objects.get(item_id="flagged").lane == CRITICAL
    assert Case.objects.get(item_id="vouched").why["policies"][0]["probability"] > alone


def test_what_cannot_be_folded_is_parked_and_the_rest_goes_on(fold, log):
    good, bad = reported(post("good")), reported(post("bad"))
    broken = to_row(bad, partitions=1)
    log.append([type(broken)(broken.id, broken.part, broken.at, broken.source, b'{"type":"unheard of"}')])
    fold(good)
    assert ParkedEvent.objects.get().event_id == bad.id
    assert Case.objects.get().item_id == "good"
    assert Partition.objects.get().folded == 2


def test_a_decided_item_that_is_reported_again_gets_a_new_case(fold, ana, platform):
    fold(reported(post("p1")))
    decide(Case.objects.get().pk, version=1, by=ana, kind="dismiss", policy="spam")
    fold(reported(post("p1"), "r2"))
    assert Case.objects.filter(state="open").count() == 1
    assert Case.objects.count() == 2


def test_decided_cases_count_for_each_reporter_once(fold, ana):
    fold(reported(post("p1"), "r1"), reported(post("p1"), "r1", reason="again"), reported(post("p1"), "r2"))
    decide(Case.objects.get().pk, version=1, by=ana, kind="dismiss", policy="spam")
    assert sorted(ReporterTally.objects.values_list("upheld", "dismissed")) == [(0, 1), (0, 1)]
