"""Near-duplicates, link bursts, mass reports and reporters' records: counted in windows on event time."""

import pytest

from evenhand.engine.detect import evaluate
from evenhand.engine.detect.duplicate import MOST_MEMBERS, Duplicate
from evenhand.engine.detect.linkburst import LinkBurst
from evenhand.engine.detect.meaning import Meaning
from evenhand.engine.detect.reporter import ReporterHistory
from evenhand.engine.detect.reports import Reports
from evenhand.engine.model import Ref
from evenhand.engine.triage.reliability import PRIOR
from tests.unit.engine.detect_events import DAY, HOUR, MINUTE, SECOND, T0, Fold, item, reported, sent

TEXT = "the council met last night behind closed doors and sold our park to a builder, share this before they delete it"
LINK = "look at this https://new.example/offer"


def copies(number, *, authors=None, gap=MINUTE, text=TEXT, start=T0):
    return [sent(text, id=f"c{n}", author=f"a{n % (authors or number)}", at=start + n * gap) for n in range(number)]


def test_copies_by_several_authors_are_told_with_their_numbers():
    signals = Fold([Duplicate()])(copies(5))
    assert len(signals) == 3
    assert signals[-1].evidence == {
        "copies": 5, "authors": 5, "at_least": False, "window_hours": 24.0, "first_at": T0,
        "others": [{"type": "post", "id": f"c{n}"} for n in range(4)],
    }  # fmt: skip
    assert (signals[-1].effect, signals[-1].policy, signals[-1].probability) == ("note", None, 0.0)


def test_the_platform_may_say_what_copies_mean():
    meaning = Meaning(policy="spam", probability=0.4, effect="enqueue")
    signal = Fold([Duplicate(meaning, authors=2)])(copies(2))[0]
    assert (signal.policy, signal.probability, signal.effect) == ("spam", 0.4, "enqueue")


def test_edited_copies_count():
    words = TEXT.split()
    edited = [" ".join([*words[:at], "really", *words[at + 1 :]]) for at in (3, 9, 15)]
    signals = Fold([Duplicate()])([sent(text, id=str(n), author=str(n)) for n, text in enumerate([TEXT, *edited])])
    assert signals[-1].evidence["copies"] == 4


def test_one_author_repeating_is_told_later_than_many():
    assert len(Fold([Duplicate()])(copies(9, authors=1))) == 0
    assert len(Fold([Duplicate()])(copies(10, authors=1))) == 1


def test_the_same_item_again_is_no_copy():
    assert Fold([Duplicate()])([sent(TEXT, id="c", at=T0 + n) for n in range(20)]) == []


def test_copies_outside_the_window_do_not_count():
    assert Fold([Duplicate()])(copies(4, gap=13 * HOUR)) == []


def test_a_late_copy_is_counted_where_it_belongs():
    early, *rest = copies(4)
    signals = Fold([Duplicate()])([*rest, early])
    assert signals[-1].evidence["copies"] == 4
    assert signals[-1].evidence["first_at"] == T0


def test_a_copy_that_is_later_than_the_window_is_not_told():
    fold = Fold([Duplicate()])
    fold(copies(4, start=T0 + 3 * DAY))
    assert fold([sent(TEXT, id="old", author="old", at=T0)]) == []


def test_a_wave_keeps_a_bounded_state_and_says_at_least():
    fold = Fold([Duplicate()])
    signals = fold(copies(3 * MOST_MEMBERS, gap=SECOND))
    assert signals[-1].evidence["copies"] == MOST_MEMBERS
    assert signals[-1].evidence["at_least"] is True
    assert len(fold.kept) == 4
    assert max(len(value) for value, _ in fold.kept.values()) < 8_000


def test_the_summary_of_a_wave_is_news_only_in_steps():
    signals = Fold([Duplicate()])(copies(30))
    assert len({signal.summary for signal in signals}) == 6


def test_a_host_that_suddenly_many_link_to_is_told():
    signals = Fold([LinkBurst()])(copies(6, text=LINK))
    assert [signal.evidence["hosts"][0]["authors"] for signal in signals] == [5, 6]
    assert signals[-1].summary == "5 or more authors link to new.example within 1 h"


def test_a_host_that_is_always_linked_to_is_no_burst():
    fold = Fold([LinkBurst()])
    usual = [event for day in range(8) for event in copies(96, gap=15 * MINUTE, text=LINK, start=T0 + day * DAY)]
    fold(usual)
    assert fold(copies(8, text=LINK, start=T0 + 8 * DAY + 30 * MINUTE)) == []
    assert len(fold(copies(40, text=LINK, start=T0 + 8 * DAY + 5 * HOUR, gap=SECOND))) > 0


def test_ignored_hosts_and_bare_words_with_dots_are_not_counted():
    assert Fold([LinkBurst(ignored=["example"])])(copies(9, text=LINK)) == []
    assert Fold([LinkBurst()])(copies(9, text="and so.on")) == []


def test_one_author_makes_no_burst():
    assert Fold([LinkBurst()])(copies(20, authors=1, text=LINK)) == []


def mob(number, *, gap=SECOND, start=T0, known=0):
    """`known` of them have reported something else before."""
    before = [reported(f"r{n}", at=start - DAY, subject=item(id="other")) for n in range(known)]
    return [*before, *(reported(f"r{n}", at=start + n * gap) for n in range(number))]


def test_a_mass_report_is_told_with_its_arithmetic():
    signal = Fold([Reports()])(mob(10, known=4))[0]
    assert signal.evidence == {
        "window_minutes": 10.0, "in_window": 10, "first_time": 6, "in_day": 10, "reports_in_day": 10,
        "counts_as": 1.3, "at_least": False,
    }  # fmt: skip
    assert (signal.effect, signal.policy) == ("note", None)


def test_a_mass_report_is_told_again_only_when_it_has_grown_by_a_quarter():
    signals = Fold([Reports()])(mob(40))
    assert [signal.evidence["in_window"] for signal in signals] == [10, 13, 17, 22, 28, 35]


def test_reports_that_trickle_in_are_no_mass_report():
    assert Fold([Reports()])(mob(60, gap=5 * MINUTE)) == []


def test_one_person_reporting_again_and_again_is_one_person():
    assert Fold([Reports()])([reported("bob", at=T0 + n) for n in range(50)]) == []


def test_anonymous_reports_are_one_voice():
    assert Fold([Reports()])([reported("", kind="anonymous", at=T0 + n) for n in range(50)]) == []


@pytest.mark.parametrize(("upheld", "dismissed", "mean"), [(14, 2, 0.76), (0, 20, 0.05), (1, 0, 0.44)])
def test_a_reporters_record_is_shrunk_and_has_an_interval(upheld, dismissed, mean):
    event = reported("bob", policy="spam")
    state = {"reporter:user user bob": {"spam": [upheld, dismissed]}}
    evidence = evaluate(event, state, [ReporterHistory()]).signals[0].evidence
    assert evidence["accuracy"] == pytest.approx(mean, abs=0.005)
    assert 0 <= evidence["low"] < evidence["accuracy"] < evidence["high"] <= 1


@pytest.mark.parametrize("state", [{}, {"reporter:user user bob": None}, {"reporter:user user bob": {"spam": [0, 0]}}])
def test_a_reporter_without_decided_reports_is_not_talked_about(state):
    assert evaluate(reported("bob"), state, [ReporterHistory()]).signals == ()


def test_a_record_under_other_policies_counts_half_of_what_it_would_under_this_one():
    state = {"reporter:user user bob": {"spam": [40, 0], "threats": [0, 0]}}
    evidence = evaluate(reported("bob", policy="threats"), state, [ReporterHistory()]).signals[0].evidence
    assert (evidence["upheld"], evidence["upheld_here"]) == (40, 0)
    assert 0.6 < evidence["accuracy"] < 0.65
    assert evidence["low"] < PRIOR


def test_the_key_of_a_record_is_the_name_that_reports_are_counted_under():
    assert ReporterHistory().keys(reported("bob")) == ["reporter:user user bob"]
    assert ReporterHistory().keys(reported("", kind="anonymous")) == ()


def test_a_user_is_the_author_of_their_own_profile():
    users = [sent(TEXT, kind="user", ref=Ref("user", str(n)), creator=None) for n in range(3)]
    assert Fold([Duplicate()])(users)[-1].evidence["authors"] == 3
