"""The case in one screen."""

import pytest

from evenhand.desk.cases import services as cases
from evenhand.desk.cases.models import Case, ReporterTally
from evenhand.desk.enforcement.services import Chosen, decide
from evenhand.desk.intake.models import Item
from evenhand.engine.model import Media, Ref
from tests.desk.conftest import post, reported, sent


def test_the_page_shows_why_now_the_words_the_reports_and_the_policies(desk, case, text):
    page = text(desk.get(f"/cases/{case.pk}/"))
    assert case.why["headline"] in page
    assert "Buy my boat, best boat" in page
    assert "always the same" in page
    assert "none decided before" in page
    assert "Spam" in page
    assert "No violation" in page


def test_looking_takes_the_lease_and_only_looking_does_not(desk, case, ana):
    desk.get(f"/cases/{case.pk}/?look")
    case.refresh_from_db()
    assert case.holder is None
    desk.get(f"/cases/{case.pk}/")
    case.refresh_from_db()
    assert case.holder == ana


def test_a_held_case_tells_who_holds_it_and_offers_no_decision(desk, case, ben, text):
    cases.take(case.pk, ben)
    answer = desk.get(f"/cases/{case.pk}/")
    assert f"{ben.pseudonym} holds this case" in text(answer)
    assert b'name="do"' not in answer.content
    assert "Next case" in text(answer)


def test_a_case_of_somebody_elses_queue_is_not_found(desk, fold):
    fold(reported(post("p1"), policy="minors"))
    assert desk.get(f"/cases/{Case.objects.get().pk}/").status_code == 404


def test_a_case_that_does_not_exist_has_a_page_that_says_so(desk, platform, text):
    answer = desk.get("/cases/999/")
    assert answer.status_code == 404
    assert "There is no case 999" in text(answer)


def test_the_record_of_a_reporter_is_shown_with_its_denominator(desk, case, text):
    ReporterTally.objects.create(reporter="user account r1", upheld=2, dismissed=5)
    assert "2 upheld, 5 dismissed before" in text(desk.get(f"/cases/{case.pk}/"))


def test_many_reports_at_once_get_a_banner_with_its_arithmetic(desk, fold, text):
    fold(*(reported(post("p1"), f"r{number}") for number in range(112)))
    ReporterTally.objects.create(reporter="user account r3", upheld=1, dismissed=4)
    page = text(desk.get(f"/cases/{Case.objects.get().pk}/"))
    assert "112 reports by 112 reporters within 1 min" in page
    assert "111 of the 112 had no report decided before. The others had 5 decided, 1 of them upheld." in page


def test_a_decided_case_does_not_count_itself_among_what_its_reporters_did_before(desk, fold, ana, text):
    fold(*(reported(post("p1"), f"r{number}") for number in range(12)))
    case = Case.objects.get()
    decide(case.pk, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("remove")])
    page = text(desk.get(f"/cases/{case.pk}/"))
    assert "None of them had a report decided before." in page
    assert page.count("none decided before") == 12
    assert "upheld" not in page


def test_a_crowd_of_known_reporters_is_told_in_one_plain_sentence(desk, fold, text):
    fold(*(reported(post("p1"), f"r{number}") for number in range(12)))
    ReporterTally.objects.bulk_create(
        ReporterTally(reporter=f"user account r{number}", upheld=1, dismissed=2) for number in range(12)
    )
    page = text(desk.get(f"/cases/{Case.objects.get().pk}/"))
    assert "All of them had reports decided before: 36 in all, 12 of them upheld." in page


def test_the_thread_before_and_after_and_what_it_answers_are_there(desk, fold, text):
    room = Ref("room", "square")
    lines = [post(f"m{n}", f"line {n}", thread=room, created_at=1_000_000 * (n + 1)) for n in range(5)]
    answered = post("q", "the question")
    fold(*(sent(line) for line in lines), sent(answered))
    fold(reported(post("m2", "line 2", thread=room, created_at=3_000_000, parent=Ref("post", "q"))))
    page = text(desk.get(f"/cases/{Case.objects.get().pk}/"))
    assert page.index("the question") < page.index("line 0") < page.index("line 1") < page.index("line 2")
    assert page.index("line 2") < page.index("line 3") < page.index("line 4")


def test_a_change_that_left_the_words_alone_names_its_fields(desk, case, fold, text):
    changed = post("p1", "Buy my boat, best boat")
    changed.data["view_count"] = 7
    fold(sent(changed))
    assert "view count" in text(desk.get(f"/cases/{case.pk}/"))


def test_what_the_item_said_before_is_shown_as_a_difference(desk, case, fold):
    fold(sent(post("p1", "Buy my bicycle, best boat")))
    page = desk.get(f"/cases/{case.pk}/").content.decode()
    assert "<del>boat</del><ins>bicycle</ins>" in page


def test_the_record_of_the_author_counts_only_decided_cases(desk, fold, ana, text):
    fold(reported(post("old")))
    old = Case.objects.get()
    decide(old.pk, version=old.version, by=ana, kind="dismiss", policy=None)
    fold(reported(post("new")), reported(post("third")))
    page = text(desk.get(f"/cases/{Case.objects.get(item_id='new').pk}/"))
    assert "0 of 1 upheld" in page
    assert "1 other case" in page


def test_media_are_closed(desk, fold):
    item = post("p1", media=(Media("image", "https://pics.example/1.png", "images"),))
    fold(reported(item))
    page = desk.get(f"/cases/{Case.objects.get().pk}/").content.decode()
    assert "pics.example" in page
    assert "<img" not in page


def test_links_say_where_they_lead_before_they_can_be_followed(desk, fold):
    fold(reported(post("p1", links=("https://trick.example/x", "javascript:alert(1)"))))
    page = desk.get(f"/cases/{Case.objects.get().pk}/").content.decode()
    assert '<details class="link"><summary><span class="mono">trick.example</span>' in page
    assert 'rel="noopener noreferrer nofollow"' in page
    assert 'href="javascript' not in page


def test_an_item_that_is_known_only_by_its_id_says_so(desk, fold, text, case):
    Item.objects.all().delete()
    assert "knows only its id: p1" in text(desk.get(f"/cases/{case.pk}/"))


def test_the_page_needs_few_queries_however_much_there_is(desk, fold, django_assert_max_num_queries):
    fold(*(reported(post("p1"), f"r{n}", reason=f"because {n}") for n in range(120)))
    fold(*(reported(post(f"q{n}"), f"r{n}") for n in range(25)))
    case = Case.objects.get(item_id="p1")
    desk.get(f"/cases/{case.pk}/")
    with django_assert_max_num_queries(28):
        desk.get(f"/cases/{case.pk}/?look")


def test_nothing_of_the_case_is_kept_in_a_cache(desk, case):
    assert "no-store" in desk.get(f"/cases/{case.pk}/").headers["Cache-Control"]


def test_a_note_is_kept_and_shown(desk, case, text):
    answer = desk.post(f"/cases/{case.pk}/note/", {"text": "Seen him before"}, follow=True)
    assert "Seen him before" in text(answer)


def test_a_note_about_the_author_is_shown_on_his_other_cases(desk, case, fold, text):
    desk.post(f"/cases/{case.pk}/note/", {"text": "Seen him before", "about": "author"})
    fold(reported(post("p2")))
    assert "Seen him before" in text(desk.get(f"/cases/{Case.objects.get(item_id='p2').pk}/"))


def test_an_empty_note_is_refused_with_a_reason(desk, case, text):
    answer = desk.post(f"/cases/{case.pk}/note/", {"text": "  "})
    assert answer.status_code == 422
    assert "A note has 1 to 10,000 characters" in text(answer)


def test_renewing_the_lease_is_quiet(desk, case, ana):
    assert desk.post(f"/cases/{case.pk}/take/", headers={"HX-Request": "true"}).status_code == 204
    case.refresh_from_db()
    assert case.holder == ana


def test_skipping_gives_the_case_back_and_goes_on(desk, case, fold):
    fold(reported(post("p2")))
    other = Case.objects.get(item_id="p2")
    first, second = (case, other) if case.rank >= other.rank else (other, case)
    desk.get(f"/cases/{first.pk}/")
    answer = desk.post(f"/cases/{first.pk}/skip/")
    assert answer.headers["Location"] == f"/cases/{second.pk}/?skipped={first.pk}"
    first.refresh_from_db()
    assert first.holder is None
    assert desk.post(f"/cases/{second.pk}/skip/", {"skipped": str(first.pk)}).headers["Location"] == "/"


@pytest.mark.parametrize("verb", ["skip", "take", "note", "media"])
def test_verbs_are_not_done_by_a_get(desk, case, verb):
    assert desk.get(f"/cases/{case.pk}/{verb}/").status_code == 405


def test_somebody_without_the_role_may_not_decide(signed_in, person, case):
    legal = signed_in(person("lea", "legal"))
    assert legal.post(f"/cases/{case.pk}/skip/").status_code == 403
