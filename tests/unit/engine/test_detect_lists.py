"""Words, patterns and domains of the platform's lists become one signal, with the characters to show."""

import pytest

from evenhand.engine.detect import evaluate
from evenhand.engine.detect.links import Links
from evenhand.engine.detect.lists import MOST_TOLD
from evenhand.engine.detect.terms import Terms
from evenhand.engine.model import Ref
from evenhand.engine.platform import WordList
from evenhand.engine.text.fold import LIMIT
from tests.unit.engine.detect_events import appealed, item, reported, sent

SPAM = WordList(id="spam-words", kind="keyword", policy="spam", terms=("cheap pills", "spam"), probability=0.4)
THREATS = WordList(id="threats", kind="regex", policy="threat", terms=(r"(?i)i will \w+ you",), probability=0.3)
NOTES = WordList(id="notes", kind="keyword", policy="spam", terms=("pills",), probability=0.1, effect="note")
HARM = {"spam": 2.0, "threat": 50.0}
BAD = WordList(id="bad-hosts", kind="domain", policy="spam", terms=("evil.example", "bücher.example"), probability=0.6)


def signal(detector, event):
    return next(iter(evaluate(event, {}, [detector]).signals), None)


def test_the_matched_characters_are_told():
    event = sent("Buy CHEAP  Pílls now")
    found = signal(Terms([SPAM], HARM), event)
    assert found.evidence["matches"] == [
        {"list": "spam-words", "term": "cheap pills", "start": 4, "end": 16, "quote": "CHEAP  Pílls"}
    ]
    assert (found.policy, found.probability, found.effect) == ("spam", 0.4, "enqueue")
    assert found.summary == "List spam-words: “cheap pills”"
    assert (found.subject, found.event_id, found.at) == (Ref("post", "1"), event.id, event.at)


def test_a_disguised_match_says_so():
    assert signal(Terms([SPAM], HARM), sent("sp4m")).evidence["matches"][0]["disguised"] is True


def test_the_policy_with_the_most_to_lose_leads_and_the_others_are_evidence():
    found = signal(Terms([SPAM, THREATS], HARM), sent("spam! I will find you"))
    assert (found.policy, found.probability) == ("threat", 0.3)
    assert found.evidence["policies"] == {"threat": 0.3, "spam": 0.4}
    assert [match["list"] for match in found.evidence["matches"]] == ["threats", "spam-words"]


def test_a_note_list_alone_opens_no_case():
    assert signal(Terms([NOTES], HARM), sent("pills")).effect == "note"
    assert signal(Terms([NOTES, SPAM], HARM), sent("pills and spam")).effect == "enqueue"


def test_the_same_words_said_again_are_no_news():
    detector = Terms([SPAM], HARM)
    assert signal(detector, sent("spam")).summary == signal(detector, sent("so much Spam, spam!")).summary


@pytest.mark.parametrize("event", [sent("nothing here"), sent(""), sent("spam", deleted=True), appealed("spam")])
def test_without_words_to_judge_there_is_no_signal(event):
    assert signal(Terms([SPAM], HARM), event) is None


def test_a_reported_item_is_read_too():
    assert signal(Terms([SPAM], HARM), reported(subject=item("spam"))) is not None


def test_evidence_is_bounded_and_counts_all():
    evidence = signal(Terms([SPAM], HARM), sent("spam " * 500)).evidence
    assert (len(evidence["matches"]), evidence["found"]) == (MOST_TOLD, 500)


def test_a_long_text_is_cut_and_the_evidence_says_so():
    detector = Terms([SPAM], HARM)
    assert signal(detector, sent("x " * LIMIT + "spam")) is None
    assert signal(detector, sent("spam " + "x " * LIMIT)).evidence["read"] == LIMIT


def test_sides_of_a_political_line_get_the_same_rules():
    slurs = WordList(id="slurs", kind="keyword", policy="hate", terms=("filthy",), probability=0.5)
    sides = [("left", "right"), ("believers", "atheists"), ("women", "men"), ("northerners", "southerners")]
    detector = Terms([slurs], {"hate": 9.0})
    for one, other in sides:
        found = [signal(detector, sent(f"all {side} are filthy")) for side in (one, other)]
        assert len({(hit.policy, hit.probability, hit.effect, hit.summary) for hit in found}) == 1


def test_the_version_changes_with_the_lists_and_with_nothing_else():
    assert Terms([SPAM], HARM).version == Terms([SPAM], HARM).version
    assert Terms([SPAM], HARM).version != Terms([SPAM, NOTES], HARM).version


def test_a_listed_host_is_found_in_text_and_below_it():
    found = signal(Links([BAD], HARM), sent("see https://shop.evil.example/x"))
    assert found.evidence["matches"] == [
        {"list": "bad-hosts", "term": "evil.example", "quote": "shop.evil.example", "start": 12, "end": 29}
    ]


@pytest.mark.parametrize(
    "text", ["evil[.]example", "http://good.example@evil.example", "https://xn--bcher-kva.example"]
)
def test_a_listed_host_is_found_through_its_disguises(text):
    assert signal(Links([BAD], HARM), sent(text)) is not None


@pytest.mark.parametrize("text", ["notevil.example", "https://evil.example.com", "https://good.example/evil.example"])
def test_a_host_that_only_resembles_a_listed_one_is_not_found(text):
    assert signal(Links([BAD], HARM), sent(text)) is None


def test_url_fields_are_read():
    found = signal(Links([BAD], HARM), sent("", links=("https://evil.example/a",)))
    assert found.evidence["matches"][0]["url"] == "https://evil.example/a"


def test_a_term_that_cannot_be_looked_for_is_refused():
    with pytest.raises(ValueError, match="no host name"):
        Links([WordList(id="x", kind="domain", policy="spam", terms=("http://a.example/",))], HARM)
