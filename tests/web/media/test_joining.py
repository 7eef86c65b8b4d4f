"""Banks made, lists joined, tried, renamed and removed at the console; what a list would withdraw, and its alarms."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.audit.models import Entry as LedgerEntry
from evenhand.desk.fields import now_micros
from evenhand.desk.media import jobs, services
from evenhand.desk.media.models import Bank, Entry, Source, Tally
from evenhand.desk.web.hashlists import connect
from evenhand.desk.web.status import problems, problems_found_by_counting
from evenhand.engine.media.listing import ListFailed, Withdrawn
from evenhand.runtime import config
from tests.desk.media.conftest import Shelf, listed, page, take_in

BANK = {"name": "ADVERTS", "policy": "spam", "hold": "never", "hold_hours": 72, "enabled_share": 1, "radius": 31}
EVERY = {"every_seconds": 3600, "stale_after_seconds": 86400}


@pytest.fixture
def admin(signed_in, person):
    """Who configures the desk, and sees no content."""
    return signed_in(person("ada", "admin"))


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """The data folder, with a file of two hashes where the console may name it."""
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists/good.csv").write_text(f"type,value\nmd5,{'ab' * 16}\nmd5,{'cd' * 16}\n")
    monkeypatch.setattr(config, "current", lambda: config.Config(data=str(tmp_path)))
    return tmp_path


def test_an_admin_makes_a_bank_and_a_moderator_does_not(admin, desk, platform, text):
    assert desk.post("/banks/-/new/", BANK).status_code == 403
    answer = admin.post("/banks/-/new/", BANK, follow=True)
    assert "the media of all items that come in are looked at" in text(answer)
    assert Bank.objects.get().name == "ADVERTS"
    assert "There is a bank ADVERTS already" in text(admin.post("/banks/-/new/", BANK))


def test_a_list_is_tried_without_a_trace_and_then_joined_and_taken_in(admin, bank, shelf, text):
    address = "/banks/-/lists/-/new/?kind=hashfile"
    given = {"name": "nightly", "bank": "KNOWN", "set_path": "good.csv", "set_format": "csv", **EVERY}
    told = text(admin.post(address, {**given, "do": "try"}))
    assert "Its first page lists 2 media" in told
    assert "md5 2" in told
    assert not Source.objects.exists()
    assert not Entry.objects.exists()
    assert "Take in now nightly" in text(admin.post(address, {**given, "do": "join"}, follow=True))
    jobs.Listing(connect).turn()
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("name", ["../secret.key", "/etc/passwd", "missing.csv"])
def test_the_console_reaches_no_file_that_was_not_put_there_for_lists(admin, bank, shelf, text, name):
    given = {"name": "x", "bank": "KNOWN", "set_path": name, "set_format": "csv", "do": "try", **EVERY}
    answer = admin.post("/banks/-/lists/-/new/?kind=hashfile", given)
    assert answer.status_code == 422
    assert "only the name of a file in" in text(answer) or "No such file" in text(answer)


def test_a_secret_of_the_desk_itself_cannot_be_named_as_that_of_a_list(admin, bank, shelf, text, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "hush")
    given = {"name": "x", "bank": "KNOWN", "set_group": "1", "set_url": "https://elsewhere.example", **EVERY}
    answer = admin.post(
        "/banks/-/lists/-/new/?kind=threatexchange", {**given, "set_token": "DATABASE_URL", "do": "try"}
    )
    assert "The secret “token” cannot be read" in text(answer)
    assert "hush" not in text(answer)


def test_a_list_is_renamed_and_removed_only_by_its_typed_name(admin, source, text):
    take_in(source, listed("a"))
    admin.post("/banks/-/lists/example-list/end/", {"do": "rename", "new": "better"})
    told = text(admin.get("/banks/-/lists/better/end/"))
    assert "1 medium of it matches now" in told
    answer = admin.post("/banks/-/lists/better/end/", {"do": "remove", "typed": "better?"})
    assert answer.status_code == 422
    assert "type its name, better" in text(answer)
    admin.post("/banks/-/lists/better/end/", {"do": "remove", "typed": "better"})
    assert "There is no list yet" in text(admin.get("/banks/-/lists/"))
    jobs.Scanning().turn()
    assert Entry.objects.get().withdrawn_why == "List better was removed."
    assert LedgerEntry.objects.filter(act="list_removed").count() == 1


def test_what_a_list_would_withdraw_is_shown_before_anybody_agrees_and_holds_for_no_other_entries(desk, source, text):
    keys = take_in(source, *(listed(f"k{number:03}") for number in range(300)))
    with pytest.raises(services.NeedsConsent):
        services.sync(source.name, Shelf(page(*(Withdrawn(key=key) for key in keys[:120]))))
    first = text(desk.get("/banks/-/lists/example-list/going/"))
    assert "120 of its 300 entries" in first
    assert "k000" in first
    assert "k050" not in first
    assert "k050" in text(desk.get("/banks/-/lists/example-list/going/?after=k049"))
    desk.post("/banks/-/lists/example-list/", {"do": "consent"})
    with pytest.raises(services.NeedsConsent):
        services.sync(source.name, Shelf(page(*(Withdrawn(key=key) for key in keys[100:220]))))
    assert Entry.objects.filter(withdrawn_at__isnull=True).count() == 300


def test_a_list_whose_syncs_fail_becomes_stale_on_every_page_that_somebody_on_duty_sees(
    signed_in, ana, source, text, monkeypatch
):
    def broken(_kind, _config):
        return Shelf(ListFailed("example-list answered 503."))

    take_in(source, listed("a"))
    begun = timezone.now()
    for hours in (1, 5, 12, 23, 25):
        monkeypatch.setattr("django.utils.timezone.now", lambda hours=hours: begun + timedelta(hours=hours))
        Source.objects.update(next_at=now_micros())
        desk = signed_in(ana)
        jobs.Listing(broken).turn()
        stale = hours > 24
        found = {one.code: one for one in problems()}
        assert ("list_stale" in found, "list_failing" in found) == (stale, not stale)
        assert ("These hash lists are stale" in text(desk.get("/"))) == stale
    assert found["list_stale"].severity == "error"
    assert "The last try failed: example-list answered 503." in found["list_stale"].message
    assert "is stale" in text(desk.get("/status/"))
    assert "not as they should be" in text(desk.get("/banks/"))
    told = text(desk.get("/banks/-/lists/"))
    assert "stale" in told
    assert "example-list answered 503." in told


def test_a_sync_that_goes_on_shows_how_far_it_is_and_asks_by_itself_until_it_ends(desk, source, text):
    seen = []

    class Looking(Shelf):
        def pull(self, cursor):
            yield page(listed("a"), complete=False, total=4)
            seen.append(desk.get("/banks/-/lists/").content.decode())
            yield page(listed("b"), listed("c"), listed("d"))

    services.sync(source.name, Looking())
    assert 'value="0.250"' in seen[0]
    assert "/banks/-/lists/example-list/progress/" in seen[0]
    assert "It was taken in, or broke off." in text(desk.get("/banks/-/lists/example-list/progress/"))


def test_hashes_of_kinds_that_nobody_named_are_counted_for_people(desk, source, text):
    take_in(source, listed("a", pdna=b"x" * 9), listed("b"))
    assert "1 hash of the kind pdna is not used" in text(desk.get("/banks/-/lists/"))


def test_numbers_that_are_wrong_are_a_problem_and_are_counted_anew(source):
    take_in(source, listed("a"), listed("b", md5=b"m" * 16))
    assert not problems_found_by_counting()
    Tally.objects.filter(kind="").update(count=7)
    assert [one.code for one in problems_found_by_counting()] == ["media_miscounted"]
    assert services.recount() == 1
    assert not problems_found_by_counting()


@pytest.mark.parametrize("path", ["new/", "lists/-/new/", "lists/-/new/?kind=ncmec", "lists/example-list/end/"])
def test_forms_speak_german(signed_in, person, source, text, path):
    ada = person("ada", "admin")
    ada.preferences = {"language": "de"}
    ada.save()
    told = text(signed_in(ada).get(f"/banks/-/{path}"))
    assert "Alle Banken" in told
    assert not [word for word in ("Make the bank", "Which kind", "Try it", "Rename", "Password") if word in told]


def test_a_secret_written_into_a_form_is_not_kept(admin, bank, text):
    given = {"name": "x", "bank": "KNOWN", "set_user": "u", "set_password": "my secret words!", "do": "join", **EVERY}
    answer = admin.post("/banks/-/lists/-/new/?kind=ncmec", given)
    assert answer.status_code == 422
    assert "only the name of a file in" in text(answer)
    assert not Source.objects.exists()
