"""Who may fold a partition, and what happens to the leases of those that are gone."""

import subprocess
import sys

import pytest

from evenhand.desk.signals.models import Partition, Worker
from evenhand.desk.signals.services import DeskStore, owner_name
from evenhand.runtime.partitions import Fenced

pytestmark = pytest.mark.django_db


def test_a_partition_is_claimed_by_one_worker_until_its_lease_runs_out():
    store = DeskStore()
    [claim] = store.claim("elsewhere:1:a", 60)
    assert store.claim("elsewhere:2:b", 60) == []
    assert store.claim("elsewhere:1:a", 60) == [claim]
    Partition.objects.update(lease_until=0)
    Worker.objects.update(alive_until=0)
    [taken] = store.claim("elsewhere:2:b", 60)
    assert taken.epoch == claim.epoch + 1


def test_who_lost_the_partition_keeps_nothing_of_what_it_folds():
    store = DeskStore()
    [old] = store.claim("elsewhere:1:a", 0.0)
    store.claim("elsewhere:2:b", 60)
    with pytest.raises(Fenced):
        store.fold(old, [], "7")
    assert Partition.objects.get().position == ""


def test_the_lease_of_a_process_that_is_gone_need_not_run_out():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    host = owner_name().partition(":")[0]
    store = DeskStore()
    store.claim(f"{host}:{gone.pid}:abc", 3600)
    assert len(store.claim(owner_name(), 60)) == 1


def test_the_lease_of_a_process_that_lives_is_left_alone():
    store = DeskStore()
    store.claim(owner_name(), 3600)
    assert store.claim("elsewhere:2:b", 60) == []


def test_what_is_released_is_free_at_once():
    store = DeskStore()
    store.claim("elsewhere:1:a", 3600)
    store.release("elsewhere:1:a")
    assert len(store.claim("elsewhere:2:b", 60)) == 1
