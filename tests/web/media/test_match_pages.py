"""Matches, told in facts: on their own page and on the case; and what a list's owner is told of a false one."""

from evenhand.desk.cases.models import Case
from evenhand.desk.media import services
from evenhand.desk.media.models import Entry, Feedback, Look, Source
from evenhand.desk.media.services import feedback
from evenhand.engine.media.listing import ListFailed, Withdrawn
from evenhand.engine.model import Hash, Media, MediaHashed, Ref
from tests.desk.conftest import event, post, sent
from tests.desk.media.conftest import ACTOR, Shelf, flipped, hash_of, hashed, listed, pdq, take_in


def test_a_match_is_told_in_facts_and_no_medium_is_on_the_page(desk, matched, text):
    answer = desk.get(f"/banks/-/matches/{matched.matches[1].pk}/")
    page = text(answer)
    assert "7 of 256 bits differ; up to 31 it counts as a match" in page
    assert "No second list has it." in page
    assert "2 items, 2 accounts" in page
    assert "no match decided yet" in page
    assert "My boat 1" in page
    assert f"Decide it in case {matched.cases[1].pk}" in page
    html = answer.content.decode()
    assert "<img" not in html
    assert "m.example/boat.png" not in html


def test_the_distance_is_a_picture_with_words(desk, matched):
    html = desk.get(f"/banks/-/matches/{matched.matches[1].pk}/").content.decode()
    assert 'aria-label="7 of 256 bits differ' in html
    assert '<rect class="distance-at" x="7.0"' in html


def test_lists_that_agree_are_named(desk, second_list, fold, text):
    fold(sent(post("p9", "again", author="cy")), event(hashed("p9", pdq(hash_of("boat")))))
    case = desk.get("/search/?q=again&in=cases")
    assert case.status_code == 200
    match = services.judging.Match.objects.filter(item_id="p9").first()
    page = text(desk.get(f"/banks/-/matches/{match.pk}/"))
    assert "2 lists have it: example-list, other-list" in page
    assert "Other entries that the same medium matches" in page


def test_two_pictures_of_one_item_do_not_agree(desk, second_list, fold, text):
    """Each is on another list."""
    take_in(second_list, listed("kite"))
    shown = [Media(url=f"https://m.example/{name}", kind="image", field="image") for name in ("boat", "kite")]
    fold(sent(post("p9", "again", author="cy", media=tuple(shown))))
    for media, name in zip(shown, ("boat", "kite"), strict=True):
        fold(event(MediaHashed(ref=Ref("post", "p9"), field="image", url=media.url, hashes=(pdq(hash_of(name)),))))
    kite = services.judging.Match.objects.get(item_id="p9", entry__key="kite")
    page = text(desk.get(f"/banks/-/matches/{kite.pk}/"))
    assert "No second list has it." in page
    assert "1 item, 1 account" in page
    case = text(desk.get(f"/cases/{Case.objects.get(item_id='p9').pk}/"))
    assert case.count("2 lists have it: example-list, other-list") == 2
    assert case.count("No second list has it.") == 1
    assert "other-list medium 2 of 2" in case


def test_lists_that_copy_each_other_are_told_on_the_case_and_on_the_bank(desk, matched, fold, text):
    copy = services.make_source("copied-list", bank="KNOWN", kind="other", actor=ACTOR)
    take_in(copy, listed("c1", pdq=hash_of("boat")), listed("c2", pdq=hash_of("other")))
    fold(sent(post("p9", "again", author="cy")), event(hashed("p9", pdq(hash_of("boat")))))
    page = text(desk.get(f"/cases/{Case.objects.get(item_id='p9').pk}/"))
    assert "2 lists have it, which count as one voice: copied-list, example-list." in page
    assert "100% of the media of copied-list are in example-list, too." in page
    told = "copied-list and example-list count as one voice, and do not confirm each other. 100% of the media"
    assert told in text(desk.get("/banks/KNOWN/"))


def test_a_medium_of_another_host_is_no_error_where_its_hashes_came_with_it(desk, source, fold, text):
    take_in(source, listed("b", md5=b"m" * 16))
    media = [
        Media(url=f"https://cdn.example/{n}.png", kind="image", field="image", hashes={"md5": (b"m" * 16).hex()})
        for n in range(3)
    ]
    fold(sent(post("p9", media=tuple(media))))
    html = desk.get(f"/cases/{Case.objects.get().pk}/")
    told = "Not fetched: its host is not among media_hosts; matched by the hashes that came with it."
    assert text(html).count(told) == 1, "once for each host"
    assert "Not matched yet" not in text(html)
    assert "the same file, byte for byte" in text(html)
    assert "cdn.example" not in text(desk.get("/banks/-/waiting/")), "it is not among those that wait"


def test_the_case_tells_the_facts_beside_the_decision(desk, matched, text):
    page = text(desk.get(f"/cases/{matched.cases[1].pk}/"))
    assert "Known media" in page
    assert "7 of 256 bits differ" in page
    assert "2 items, 2 accounts" in page
    assert "No violation" in page


def test_a_medium_that_waits_is_told_on_its_case_with_the_reason(desk, matched, text):
    Look.objects.filter(item_id="p0").update(error="The host m.example is not among media_hosts.")
    page = text(desk.get(f"/cases/{matched.cases[0].pk}/"))
    assert "Not matched yet: waits" in page
    assert "The host m.example is not among media_hosts." in page


def test_a_dismissed_match_offers_to_tell_the_owner_and_a_person_confirms(desk, matched, decide, text):
    decide(matched.cases[0], "dismiss")
    here = f"/cases/{matched.cases[0].pk}/?look"
    page = text(desk.get(here))
    assert "What example-list is told" in page
    assert "You found no violation: the list may be wrong" in page
    given = {"opinion": "down", "reason": "A boat.", "next": here}
    answer = desk.post(f"/banks/-/entries/{matched.matches[0].entry_id}/tell/", given)
    assert answer["Location"] == here
    page = text(desk.get(here))
    assert "on its way" in page
    assert "A boat." in page
    shelf = Shelf()
    assert feedback.send(lambda *_: shelf) == 1
    assert shelf.told == [("boat", "down", "A boat.")]
    assert "sent we disagree" in text(desk.get(here))
    assert "entry" in text(desk.get("/banks/")).partition("What owners of lists are told")[2]


def test_nothing_is_told_when_the_person_says_so(desk, matched, decide, text):
    decide(matched.cases[0], "dismiss")
    proposed = Feedback.objects.get()
    desk.post(f"/banks/-/entries/{proposed.entry_id}/tell/", {"do": "drop", "feedback": proposed.pk})
    proposed.refresh_from_db()
    assert proposed.state == "dropped"
    assert feedback.send(lambda *_: Shelf()) == 0


def test_an_opinion_that_is_none_is_not_given(desk, matched, text):
    answer = desk.post(f"/banks/-/entries/{matched.matches[0].entry_id}/tell/", {"reason": "?"}, follow=True)
    assert "Say whether we agree or disagree." in text(answer)
    assert not Feedback.objects.exists()


def test_a_medium_that_matches_by_several_hashes_is_told_once_by_the_nearest(desk, source, fold, decide, text):
    take_in(source, listed("boat", pdq=hash_of("boat"), md5=b"m" * 16))
    hashes = (pdq(flipped(hash_of("boat"), 3)), Hash("md5", (b"m" * 16).hex()))
    fold(sent(post("p1")), event(hashed("p1", *hashes)))
    html = desk.get("/banks/KNOWN/").content.decode()
    assert html.count("/banks/-/matches/") == 1
    case = Case.objects.get()
    page = text(desk.get(f"/cases/{case.pk}/"))
    assert page.count("the same file, byte for byte") == 2  # as the picture's name, and in words
    assert "3 of 256 bits differ" not in page
    decide(case, "dismiss")
    exact = Entry.objects.get(kind="md5").pk
    assert "0 of 1 upheld" in text(desk.get(f"/banks/-/entries/{exact}/"))
    assert desk.get("/banks/").content.decode().count("#tell") == 1
    desk.post(f"/banks/-/entries/{exact}/tell/", {"opinion": "down"})
    assert sorted(Feedback.objects.values_list("state", flat=True)) == ["confirmed", "dropped"]


def test_the_way_back_leads_nowhere_else(desk, matched, decide):
    decide(matched.cases[0], "dismiss")
    entry = matched.matches[0].entry_id
    answer = desk.post(f"/banks/-/entries/{entry}/tell/", {"opinion": "down", "next": "https://evil.example/"})
    assert answer["Location"] == f"/banks/-/entries/{entry}/"


def test_a_withdrawn_entry_is_told_on_the_case(desk, matched, text):
    take_in(matched.source, Withdrawn(key="boat", reason="Listed by mistake."))
    page = text(desk.get(f"/cases/{matched.cases[0].pk}/?look"))
    assert "Listed by mistake." in page
    assert "withdrawn" in page


def test_a_match_of_a_child_safety_bank_is_not_for_everybody(desk, matched, platform, text):
    assert "post p0" in text(desk.get("/banks/KNOWN/"))
    child = next(one.id for one in platform.policies.values() if one.child_safety)
    services.change_bank("KNOWN", policy=child, actor="user:ana")
    assert desk.get(f"/banks/-/matches/{matched.matches[0].pk}/").status_code == 404
    for page in ("KNOWN/", f"-/entries/{matched.matches[0].entry_id}/"):
        assert "post p0" not in text(desk.get(f"/banks/{page}"))


def test_a_case_without_media_asks_nothing_of_banks(desk, fold, source, text):
    fold(sent(post("plain")))
    assert "Known media" not in text(desk.get("/items/?type=post&id=plain"))


def test_an_owner_that_takes_its_own_reasons_only_is_told_one_of_these(desk, matched, decide, text):
    take_in_reasons(matched.source, "Example: not harmful", "Example: other")
    decide(matched.cases[0], "dismiss")
    here = f"/cases/{matched.cases[0].pk}/?look"
    html = desk.get(here).content.decode()
    form = html[html.index('id="tell"') :]
    assert 'value="down:Example: not harmful" required>' in form, "nothing is chosen that people did not choose"
    assert " checked" not in form
    way = f"/banks/-/entries/{matched.matches[0].entry_id}/tell/"
    answer = desk.post(way, {"opinion": "down"}, follow=True)
    assert "takes nothing without a reason against this medium. It takes: Example: not harmful" in text(answer)
    desk.post(way, {"opinion": "down:Example: other", "next": here})
    shelf = Shelf()
    feedback.send(lambda *_: shelf)
    assert shelf.told == [("boat", "down", "Example: other")]


def test_a_reason_is_asked_for_where_the_owners_are_not_known_yet(desk, matched, text):
    Source.objects.filter(pk=matched.source.pk).update(kind="ncmec")
    way = f"/banks/-/entries/{matched.matches[0].entry_id}/tell/"
    assert "Say why" in text(desk.post(way, {"opinion": "down"}, follow=True))
    assert not Feedback.objects.exists()


def test_a_refused_opinion_says_so_with_what_to_do_and_keeps_what_was_chosen(desk, matched, decide, text):
    class Strict(Shelf):
        def feedback(self, *_):
            raise ListFailed("It takes no “A boat.”.", final=True)

    decide(matched.cases[0], "dismiss")
    here = f"/cases/{matched.cases[0].pk}/?look"
    given = {"opinion": "down", "reason": "A boat.", "next": here}
    desk.post(f"/banks/-/entries/{matched.matches[0].entry_id}/tell/", given)
    feedback.send(lambda *_: Strict())
    page = desk.get(here)
    assert "It was refused, and is not sent again as it is: It takes no “A boat.”." in text(page)
    assert 'value="down" required checked' in page.content.decode()
    assert "refused by its owner" in text(desk.get("/banks/"))


def take_in_reasons(source, *names: str) -> None:
    Source.objects.filter(pk=source.pk).update(reasons={"pdq": list(names)})


def test_the_toast_leads_to_what_the_lists_owner_can_be_told(desk, matched, text):
    case = matched.cases[0]
    desk.get(f"/cases/{case.pk}/")
    given = {"do": "dismiss", "version": case.version, "policy": "spam"}
    answer = desk.post(f"/cases/{case.pk}/decide/", given, follow=True)
    html = answer.content.decode()
    assert f'href="/cases/{case.pk}/?look#tell"' in html
    assert "Tell example-list" in text(answer)
    desk.post(f"/banks/-/entries/{matched.matches[0].entry_id}/tell/", {"do": "drop"})
    decided = answer.redirect_chain[-1][0]
    assert "Tell example-list" not in text(desk.get(decided))
