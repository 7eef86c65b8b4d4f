"""The pages of banks and entries."""

import io

import pytest
from PIL import Image

from evenhand.desk.media import services
from evenhand.desk.media.models import Entry, Match
from tests.desk.media.conftest import ACTOR, hash_of, listed, take_in


def test_an_empty_desk_says_how_to_begin(desk, platform, text):
    assert "There is no bank yet" in text(desk.get("/banks/"))


def test_a_bank_tells_policy_share_hold_and_record_with_its_number(desk, matched, decide, text):
    services.change_bank("KNOWN", enabled_share=0.5, hold="confirmed", severity="HIGH", actor=ACTOR)
    decide(matched.cases[0], "act:remove")
    page = text(desk.get("/banks/"))
    assert "Spam · HIGH · holds when a second list agrees" in page
    assert "on for 50% of media" in page
    assert "2 media" in page
    assert "2 matches" in page
    told = "1 of 1 upheld; estimated right in 91% (68% to 98%, 90 % interval), where each starts from 90%, as if 10"
    assert told in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("q=bo", ("boat", "other")),
        (f"q={hash_of('other').hex()}", ("other", "boat")),
        ("state=withdrawn", ("No entry is like that", "boat")),
        ("state=matching&kind=pdq&list=example-list", ("boat", "No entry")),
        ("list=-", ("No entry is like that", "other")),
        ("kind=md5", ("No entry is like that", "other")),
    ],
)
def test_entries_are_searched_by_key_hash_kind_list_and_state(desk, matched, text, query, shown):
    page = text(desk.get(f"/banks/KNOWN/?{query}"))
    rows = page.partition("Show")[2].partition("Last matches")[0]
    there, absent = shown
    assert there in rows
    assert absent not in rows


def test_entries_come_a_page_at_a_time(desk, source, text):
    take_in(source, *(listed(f"e{number:03}") for number in range(60)))
    first = desk.get("/banks/KNOWN/").content.decode()
    assert first.count("data-row ") == 50
    assert "Older ones" in first
    more = desk.get(f"/banks/KNOWN/?before={Entry.objects.order_by('-pk')[49].pk}").content.decode()
    assert more.count("data-row ") == 10
    assert "Older ones" not in more


def test_an_entry_tells_where_it_is_from_and_what_became_of_its_matches(desk, matched, decide, text):
    decide(matched.cases[0], "dismiss")
    page = text(desk.get(f"/banks/-/entries/{matched.matches[0].entry_id}/"))
    for words in ("example-list", "boat", "First seen", "0 of 1 upheld", "dismissed", "not decided"):
        assert words in page


def test_a_rejected_entry_takes_back_what_rested_on_it_and_the_case_says_so(desk, matched, text):
    answer = desk.post(f"/banks/-/entries/{matched.matches[0].entry_id}/change/", {"do": "rejected"}, follow=True)
    assert "Rejected: it matches nothing" in text(answer)
    assert not Match.objects.filter(withdrawn_at__isnull=True).exists()
    assert "Rejected here." in text(desk.get(f"/cases/{matched.cases[0].pk}/?look"))


def test_an_entry_is_switched_off_for_days_and_on_again(desk, matched, text):
    here = f"/banks/-/entries/{matched.matches[0].entry_id}/"
    assert "It matches nothing until" in text(desk.post(f"{here}change/", {"do": "off", "days": "7"}, follow=True))
    assert "off for a time" in text(desk.get(here))
    assert "off for a time" in text(desk.get("/banks/KNOWN/?state=off")).partition("Show")[2]
    desk.post(f"{here}change/", {"do": "on"})
    assert Entry.objects.get(pk=matched.matches[0].entry_id).disabled_until is None


@pytest.mark.parametrize("given", [{"do": "off", "days": "9999999"}, {"do": "off"}, {"do": "explode"}, {}])
def test_a_change_that_nobody_can_mean_changes_nothing(desk, matched, text, given):
    entry = Entry.objects.get(pk=matched.matches[0].entry_id)
    answer = desk.post(f"/banks/-/entries/{entry.pk}/change/", given, follow=True)
    assert "Say what to do with it" in text(answer)
    entry.refresh_from_db()
    assert (entry.disabled_until, entry.review) == (None, "")


MEANS = {
    "title": "Boats", "policy": "spam", "severity": "", "hold": "confirmed", "hold_hours": "24",
    "enabled_share": "0.25", "radius": "20", "note": "",
}  # fmt: skip


def test_what_a_bank_means_is_changed(desk, bank, text):
    page = text(desk.post("/banks/KNOWN/change/", MEANS, follow=True))
    assert "Changed. It counts from now on." in page
    bank.refresh_from_db()
    assert (bank.title, bank.hold, bank.hold_hours) == ("Boats", "confirmed", 24)
    assert (bank.enabled_share, bank.radius) == (0.25, 20)


@pytest.mark.parametrize(
    "wrong", [{"radius": "45"}, {"enabled_share": "2"}, {"policy": "nothing"}, {"hold": "for ever"}, {"hold_hours": ""}]
)
def test_what_a_bank_cannot_mean_is_told_and_changes_nothing(desk, bank, wrong):
    answer = desk.post("/banks/KNOWN/change/", MEANS | wrong)
    assert answer.status_code == 422
    assert b'role="alert"' in answer.content
    bank.refresh_from_db()
    assert (bank.title, bank.radius) == ("", 31)


def test_a_hash_is_added_and_shown(desk, bank, text):
    given = {"kind": "md5", "value": "ab" * 16, "note": "from a letter"}
    page = text(desk.post("/banks/KNOWN/hash/", given, follow=True))
    assert "Added. It matches from now on" in page
    assert "from a letter" in page
    assert "added here" in page


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kind": "md5", "value": "xyz"}, "is no md5 hash"),
        ({"kind": "md5", "value": "ab"}, "16 bytes"),
        ({"kind": "pdq<script>", "value": "ab"}, "Say which kind"),
        ({}, "Say which kind"),
    ],
)
def test_a_hash_that_is_none_is_told_beside_the_form_and_kept_there(desk, bank, text, given, told):
    answer = desk.post("/banks/KNOWN/hash/", given)
    assert answer.status_code == 422
    assert told in text(answer)
    assert not Entry.objects.exists()


def picture() -> io.BytesIO:
    """Rings around a corner, bent so that every part differs: harmless, and not flat."""
    image = Image.new("L", (256, 256))
    image.putdata([((x * x + 3 * y * y + 40 * (x * y % 97)) // 300) % 256 for y in range(256) for x in range(256)])
    file = io.BytesIO()
    image.save(file, "PNG")
    file.seek(0)
    file.name = "rings.png"
    return file


def test_a_picture_is_added_by_its_hashes_and_discarded(desk, bank, text):
    answer = desk.post("/banks/KNOWN/file/", {"file": picture(), "classification": "test"}, follow=True)
    assert "The file itself was discarded." in text(answer)
    assert {one.kind for one in Entry.objects.all()} >= {"pdq", "md5", "sha1", "sha256"}
    assert len(bytes(Entry.objects.get(kind="pdq").value)) > 10 * 32
    assert "variants or frames" in text(answer)


def test_what_is_no_picture_is_refused_with_the_decoders_reason(desk, bank, text):
    file = io.BytesIO(b"hello")
    file.name = "a.png"
    answer = desk.post("/banks/KNOWN/file/", {"file": file})
    assert answer.status_code == 422
    assert "Nothing was added. The file is not decodable" in text(answer)
    assert not Entry.objects.exists()


def test_an_uploaded_file_never_reaches_a_disk(desk, bank, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    monkeypatch.setattr("django.core.files.temp.NamedTemporaryFile", refuse)
    file = io.BytesIO(b"\x89PNG" + b"x" * 4_000_000)
    file.name = "a.png"
    assert desk.post("/banks/KNOWN/file/", {"file": file}).status_code == 422
    file = io.BytesIO(b"x" * 21_000_000)
    file.name = "a.png"
    assert desk.post("/banks/KNOWN/file/", {"file": file}).status_code == 422


@pytest.mark.parametrize("path", ["/banks/NO_SUCH/", "/banks/-/entries/9999/", "/banks/-/matches/9999/"])
def test_what_is_not_there_is_not_there(desk, bank, path):
    assert desk.get(path).status_code == 404


def test_who_may_see_no_content_sees_banks_but_no_matches(signed_in, person, matched, text):
    auditor = signed_in(person("aud", "auditor"))
    page = auditor.get("/banks/KNOWN/").content.decode()
    assert "/banks/-/matches/" not in page
    assert "p0" not in page
    assert auditor.get(f"/banks/-/matches/{matched.matches[0].pk}/").status_code == 403
    entry = auditor.get(f"/banks/-/entries/{matched.matches[0].entry_id}/").content.decode()
    assert hash_of("boat").hex()[:24] in entry
    assert hash_of("boat").hex() not in entry
    assert auditor.post("/banks/KNOWN/hash/", {"kind": "md5", "value": "ab" * 16}).status_code == 403
    assert auditor.get("/banks/-/waiting/").status_code == 403


def test_the_overview_asks_as_often_for_many_entries_as_for_few(desk, source, django_assert_num_queries):
    desk.get("/banks/")
    with django_assert_num_queries(19):
        desk.get("/banks/")
    take_in(source, *(listed(f"e{number}") for number in range(100)))
    with django_assert_num_queries(19):
        desk.get("/banks/")


def test_a_picture_of_hardly_anything_says_that_its_look_cannot_be_matched(desk, bank, text):
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(file, "PNG")
    file.seek(0)
    file.name = "flat.png"
    assert "Its look cannot be matched" in text(desk.post("/banks/KNOWN/file/", {"file": file}, follow=True))
    assert not Entry.objects.filter(kind="pdq").exists()
