"""Cases that stand together, over REST: what is read is what is decided, at once, part by part, and taken back."""

import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Batch, Decision
from evenhand.desk.enforcement.services import batches
from tests.desk.conftest import post, reported

TEXT = "The council met last night behind closed doors and sold our park to Brindok, tell everybody"


@pytest.fixture
def copies(fold):
    def make(count, start=0):
        numbers = range(start, start + count)
        fold(*(reported(post(f"p{n}", f"{TEXT} {'now' * (n == 1)}", f"author{n}"), f"r{n}") for n in numbers))
        return Case.objects.get(behind=False, state="open").cluster_id

    return make


def removal(read, **more):
    return {"version": read["version"], "kind": "act", "policy": "spam", "actions": [{"action": "remove"}], **more}


def decided(program, cluster, body):
    """The answer, when the desk has done what it does in the background."""
    answer = program("POST", f"/clusters/{cluster}/decisions", body)
    assert answer.status_code == 202
    batches.carry_on(seconds=60)
    return answer.json()


def read(program, cluster):
    return program("GET", f"/clusters/{cluster}").json()


def test_a_cluster_tells_how_large_it_is_what_is_typical_and_what_differs(copies, of_ana):
    cluster = copies(5)
    told = read(of_ana, cluster)
    assert (told["id"], told["cases"], told["authors"], told["compared"], told["like"]) == (cluster, 5, 5, 5, None)
    [typical] = [one for one in told["items"] if one["role"] == "typical"]
    assert {piece["kind"] for piece in typical["differs"]} == {"same"}
    [other] = [one for one in told["items"] if one["item"]["id"] == "p1"]
    assert [piece["text"] for piece in other["differs"] if piece["kind"] == "new"] == ["now"]


def test_the_queue_names_the_cluster_that_a_case_stands_for(copies, of_ana):
    cluster = copies(3)
    [row] = of_ana("GET", "/queue").json()["items"]
    assert row["cluster"] == cluster


def test_one_decision_decides_all_and_is_told_with_its_progress(copies, ana, of_ana):
    cluster = copies(4)
    made = decided(of_ana, cluster, removal(read(of_ana, cluster)))
    assert (made["total"], made["waiting"], made["running"]) == (4, 4, True)
    told = of_ana("GET", f"/batches/{made['id']}").json()
    assert (told["total"], told["done"], told["running"], told["by"]) == (4, 4, False, ana.pseudonym)
    assert Decision.objects.filter(kind="act", decided_by=ana).count() == 4


def test_what_came_after_it_was_read_is_not_decided(copies, of_ana):
    before = read(of_ana, cluster := copies(3))
    copies(1, start=7)
    assert decided(of_ana, cluster, removal(before))["total"] == 3
    assert Case.objects.get(state="open").item_id == "p7"


def test_more_than_twenty_take_their_number(copies, of_ana):
    cluster = copies(21)
    told = read(of_ana, cluster)
    for confirm in ({}, {"confirm": 20}):
        refused = of_ana("POST", f"/clusters/{cluster}/decisions", removal(told, **confirm))
        assert (refused.status_code, "21" in refused.json()["detail"]) == (409, True)
    assert not Batch.objects.exists()
    assert of_ana("POST", f"/clusters/{cluster}/decisions", removal(told, confirm=21)).json()["total"] == 21


def test_those_left_out_leave_the_cluster_undecided(copies, of_ana):
    cluster = copies(4)
    out = Case.objects.get(item_id="p2").pk
    assert decided(of_ana, cluster, removal(read(of_ana, cluster), but=[out]))["total"] == 3
    left = Case.objects.get(state="open")
    assert (left.pk, left.cluster_id != cluster) == (out, True)


def test_one_undo_takes_all_back_once(copies, of_ana):
    cluster = copies(3)
    made = decided(of_ana, cluster, removal(read(of_ana, cluster)))["id"]
    undone = of_ana("POST", f"/batches/{made}/undo")
    assert (undone.status_code, undone.json()["undone"]) == (202, 3)
    assert Case.objects.filter(state="open").count() == 3
    assert of_ana("POST", f"/batches/{made}/undo").status_code == 409


def test_what_fails_for_one_case_is_told_with_it(copies, of_ana):
    cluster = copies(3)
    told = read(of_ana, cluster)
    made = of_ana("POST", f"/clusters/{cluster}/decisions", removal(told)).json()
    assert (made["running"], made["waiting"]) == (True, 3)
    Case.objects.filter(item_id="p1").update(state="closed")
    batches.carry_on(seconds=60)
    after = of_ana("GET", f"/batches/{made['id']}").json()
    assert (after["done"], after["failed"]) == (2, 1)
    [failure] = after["failures"]
    assert failure["case"] == Case.objects.get(item_id="p1").pk
    assert failure["error"]


def test_a_cluster_that_somebody_decided_is_refused_with_who_and_what(copies, ana, of_ana, of_ben):
    cluster = copies(3)
    told = read(of_ben, cluster)
    decided(of_ana, cluster, removal(told))
    refused = of_ben("POST", f"/clusters/{cluster}/decisions", removal(told))
    assert (refused.status_code, ana.pseudonym in refused.json()["detail"]) == (409, True)


def test_a_cluster_that_somebody_holds_is_refused(copies, ana, of_ana, of_ben):
    cluster = copies(3)
    told = read(of_ben, cluster)
    of_ana("POST", "/queue/next")
    for path, body in (("decisions", removal(told)), ("split", {"version": told["version"], "cases": [1]})):
        refused = of_ben("POST", f"/clusters/{cluster}/{path}", body)
        assert (refused.status_code, ana.pseudonym in refused.json()["detail"]) == (409, True)


def test_a_cluster_that_is_another_by_now_is_to_be_read_again(copies, of_ana):
    cluster = copies(3)
    told = read(of_ana, cluster)
    Case.objects.update(cluster=None)
    assert of_ana("POST", f"/clusters/{cluster}/decisions", removal(told)).status_code == 409
    assert not Decision.objects.exists()


@pytest.mark.parametrize("together", [False, True])
def test_what_is_not_the_same_leaves(copies, of_ana, together):
    cluster = copies(4)
    leaving = list(Case.objects.filter(item_id__in=["p2", "p3"]).order_by("pk").values_list("pk", flat=True))
    body = {"version": read(of_ana, cluster)["version"], "cases": leaving, "together": together}
    assert of_ana("POST", f"/clusters/{cluster}/split", body).json() == {"left": leaving}
    assert read(of_ana, cluster)["cases"] == 2
    assert Case.objects.filter(pk__in=leaving).values("cluster").distinct().count() == (1 if together else 2)


def test_how_its_like_were_decided_is_proposed(copies, of_ana):
    cluster = copies(3)
    decided(of_ana, cluster, removal(read(of_ana, cluster)))
    copies(1, start=7)
    assert read(of_ana, cluster)["like"] == {
        "count": 3, "total": 3, "kind": "act", "policy": "spam", "actions": [{"action": "remove", "parameters": {}}],
    }  # fmt: skip


def test_clusters_and_batches_of_child_safety_do_not_exist_for_a_key(copies, of_ana):
    cluster = copies(3)
    told = read(of_ana, cluster)
    Case.objects.update(queue="minors", policy="minors")
    assert of_ana("GET", f"/clusters/{cluster}").status_code == 404
    assert of_ana("POST", f"/clusters/{cluster}/decisions", removal(told)).status_code == 404
    assert of_ana("POST", f"/clusters/{cluster}/split", {"version": told["version"], "cases": [1]}).status_code == 404
    assert not Decision.objects.exists()


def test_a_batch_of_child_safety_is_neither_shown_nor_taken_back(copies, of_ana):
    cluster = copies(3)
    made = decided(of_ana, cluster, removal(read(of_ana, cluster)))["id"]
    Case.objects.update(queue="minors", policy="minors")
    assert of_ana("GET", f"/batches/{made}").status_code == 404
    assert of_ana("POST", f"/batches/{made}/undo").status_code == 404


@pytest.mark.parametrize("path", ["/clusters/0", "/clusters/none", "/clusters/99999999999999999999", "/batches/none"])
def test_what_is_not_there_is_not_found(of_ana, path):
    assert of_ana("GET", path).status_code == 404
