"""Two people publish at once: one of them is in force, the other is told; nothing is half done."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from evenhand.desk.audit.models import Entry
from evenhand.desk.rules import queries, services
from evenhand.desk.rules.models import ProjectVersion
from tests.desk.rules.conftest import CONFIG, MAIN

PEOPLE = 4


@pytest.mark.django_db(transaction=True)
def test_of_several_who_publish_over_the_same_version_one_does():
    services.publish({"main.sml": MAIN}, CONFIG, actor="system:test")
    together = Barrier(PEOPLE)

    def publish(number: int) -> int | None:
        together.wait()
        try:
            return services.publish({"main.sml": f"{MAIN}# {number}\n"}, CONFIG, actor="user:ana", expect=1).version
        except services.Conflict:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PEOPLE) as threads:
        found = list(threads.map(publish, range(PEOPLE)))
    assert sorted(found, key=str) == [2, *[None] * (PEOPLE - 1)]
    assert list(ProjectVersion.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    assert Entry.objects.filter(act="rules_published").count() == 2
    assert queries.current(fresh=True).version == 2
