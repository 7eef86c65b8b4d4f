"""What says the same becomes one row of the queue, in the fold's transaction, until a person says otherwise."""

import pytest
from django.db import transaction

from evenhand.desk.cases.models import Case, Cluster, ClusterKey, ClusterSample
from evenhand.desk.cases.queries import queue
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.cases.services import clustering
from evenhand.desk.cases.services.grouping import lead_everywhere
from evenhand.desk.enforcement.services import decide
from evenhand.engine.model import Hash, Media, MediaHashed, Ref
from tests.desk.conftest import event, post, reported, sent

TEXT = "The council met last night behind closed doors and sold our park to Brindok, tell everybody"
OTHER = "We grow tomatoes on the balcony and this year the first ones came as early as in June"


def clusters():
    """Items by cluster. In each queue only the first in order of a cluster stands in a row."""
    found, places = {}, {}
    for case in Case.objects.order_by("item_id"):
        key = case.cluster_id or f"alone {case.item_id}"
        found.setdefault(key, []).append(case.item_id)
        places.setdefault((key, case.queue), []).append(case)
    for members in places.values():
        first = min(members, key=lambda case: (case.lane, -case.rank, case.pk))
        assert [case for case in members if not case.behind] == [first]
    return sorted(found.values())


def copies(fold, *texts, policy="spam"):
    for number, text in enumerate(texts):
        fold(reported(post(f"p{number}", text, f"author{number}"), f"r{number}", policy))


def test_copies_become_one_row_and_others_stay(fold):
    copies(fold, TEXT, f"🔥 {TEXT}", OTHER, TEXT.upper())
    assert clusters() == [["p0", "p1", "p3"], ["p2"]]


def test_copies_of_one_batch_meet_too(fold):
    fold(*(reported(post(f"p{number}", TEXT, f"a{number}"), f"r{number}") for number in range(5)))
    assert clusters() == [["p0", "p1", "p2", "p3", "p4"]]


def test_the_worst_member_stands_for_all(fold):
    copies(fold, TEXT, TEXT, TEXT)
    assert clusters() == [["p0", "p1", "p2"]]
    fold(*(reported(post("p1", TEXT, "author1"), f"more{number}") for number in range(4)))
    assert not Case.objects.get(item_id="p1").behind
    assert clusters() == [["p0", "p1", "p2"]]


def test_a_bridge_joins_two_clusters(fold):
    longer, other = f"{TEXT} and come to the park with your friends", f"now guess what: {TEXT}"
    copies(fold, longer, longer, other, other)
    assert clusters() == [["p0", "p1"], ["p2", "p3"]]
    fold(reported(post("p4", TEXT, "author4"), "r4"))
    assert clusters() == [["p0", "p1", "p2", "p3", "p4"]]
    assert Cluster.objects.count() == 1


def test_an_item_that_says_something_else_now_leaves(fold):
    copies(fold, TEXT, TEXT, TEXT)
    fold(sent(post("p1", OTHER, "author1")))
    assert clusters() == [["p0", "p2"], ["p1"]]


def test_an_item_that_says_the_same_as_before_stays(fold):
    copies(fold, TEXT, TEXT, TEXT)
    before = list(ClusterKey.objects.order_by("pk").values_list("key", "sample_id"))
    fold(sent(post("p0", TEXT, "author0")), sent(post("p1", TEXT, "author1")))
    assert clusters() == [["p0", "p1", "p2"]]
    assert sorted(ClusterKey.objects.values_list("key", "sample_id")) == sorted(before)


def test_one_sample_is_kept_for_all_that_say_exactly_the_same(fold):
    copies(fold, TEXT, TEXT, TEXT.lower(), TEXT)
    assert ClusterSample.objects.count() == 2


def test_accounts_are_no_copies_of_each_other(fold):
    items = [post(f"p{number}", TEXT, f"a{number}") for number in range(2)]
    fold(
        *(
            reported(item.__class__(**{**{f: getattr(item, f) for f in item.__struct_fields__}, "kind": "user"}))
            for item in items
        )
    )
    assert clusters() == [["p0"], ["p1"]]


def test_the_queue_shows_one_row_with_the_others_behind_it(fold, ana):
    copies(fold, TEXT, TEXT, OTHER)
    rows = queue.page(sight(ana), queue=None, after=None, limit=10)
    assert [case.item_id for case in rows if case.cluster_id is None] == ["p2"]
    assert len(rows) == 2


def test_nothing_of_a_cluster_is_kept_when_the_fold_fails(fold):
    copies(fold, TEXT)

    class Undone(Exception):
        pass

    def fail():
        with transaction.atomic():
            fold(reported(post("p1", TEXT, "author1"), "r1"))
            raise Undone

    with pytest.raises(Undone):
        fail()
    assert clusters() == [["p0"]]
    assert not Cluster.objects.exists()


def test_one_order_for_all_keeps_one_row_for_each_cluster(fold):
    copies(fold, TEXT, TEXT, OTHER, TEXT)
    last = Case.objects.filter(cluster__isnull=False).order_by("pk").first()
    Case.objects.filter(pk=last.pk).update(rank=10**6)
    lead_everywhere()
    assert not Case.objects.get(pk=last.pk).behind
    assert clusters() == [["p0", "p1", "p3"], ["p2"]]


PICTURE = "f" * 32 + "0" * 32


def shows(id_, pdq="", text="", url=None):
    hashes = {"pdq": pdq} if pdq else {}
    picture = Media(kind="image", url=url or f"https://pictures.example/{id_}.png", field="image", hashes=hashes)
    return post(id_, text, f"author {id_}", media=(picture,))


def test_pictures_that_are_the_same_make_a_cluster(fold):
    near = f"{int(PICTURE, 16) ^ 0b1011:064x}"
    fold(*(reported(one) for one in (shows("p0", PICTURE), shows("p1", near), shows("p2", "0" * 64), shows("p3"))))
    assert clusters() == [["p0", "p1"], ["p2"], ["p3"]]


def test_a_picture_that_is_hashed_later_joins_then(fold):
    fold(reported(shows("p0", PICTURE)), reported(shows("p1")))
    assert clusters() == [["p0"], ["p1"]]
    hashed = MediaHashed(
        ref=Ref("post", "p1"), field="image", url="https://pictures.example/p1.png", hashes=(Hash("pdq", PICTURE),)
    )
    fold(event(hashed))
    assert clusters() == [["p0", "p1"]]


def test_what_was_decided_long_ago_is_forgotten(fold, ana):
    copies(fold, TEXT, OTHER)
    closed = Case.objects.get(item_id="p0")
    decide(closed.pk, version=1, by=ana, kind="dismiss", policy=None)
    assert clustering.sweep() == 0
    ClusterSample.objects.update(at=0)
    assert clustering.sweep() == 1
    assert not ClusterKey.objects.filter(sample_id=closed.pk).exists()
    assert ClusterKey.objects.exists()
    fold(reported(post("p2", TEXT, "author2"), "r2"))
    assert clusters() == [["p0"], ["p1"], ["p2"]]
