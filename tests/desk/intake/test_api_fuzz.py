"""Every operation, fuzzed from its own documentation: never a 500, never an undocumented answer.

In process. EVENHAND_TEST_FUZZ=500 tries 500 bodies for each operation; without it a few.
"""

import os

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from evenhand.desk.accounts import services as accounts
from evenhand.desk.web.openapi.operations import OPERATIONS

EXAMPLES = int(os.environ.get("EVENHAND_TEST_FUZZ", "10"))
NOT_PROMISED = [positive_data_acceptance]
"""The platform document says more of an item's data than the API's shapes can."""
LOST_ON_THE_WAY = [negative_data_rejection]
"""A query parameter that is an empty list, or has no name, is not in the request that is sent."""
CONFIG = schemathesis.Config.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": [400, 401, 403, 404, 405, 413, 415]}}}
)


schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application(), config=CONFIG)


@pytest.fixture
def kept_connection():
    """As Django's own test client does: the end of a request does not close the test's connection."""
    moments = (signals.request_started, signals.request_finished)
    for moment in moments:
        moment.disconnect(close_old_connections)
    yield
    for moment in moments:
        moment.connect(close_old_connections)


@pytest.fixture
def key(place, log, kept_connection):
    person = accounts.create_user("fuzz@example.com", roles=["moderator"], password=None, by="system:test")
    return accounts.create_key("fuzz", accounts.SCOPES, by="system:test", acts_as=person)


def fuzzed(name):
    @schema.include(operation_id=name).parametrize()
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=EXAMPLES < 100,
        suppress_health_check=list(HealthCheck),
    )
    def keeps_its_word(case, key):
        excluded = NOT_PROMISED + (LOST_ON_THE_WAY if case.method == "GET" else [])
        case.call_and_validate(headers={"X-API-KEY": key}, excluded_checks=excluded)

    return keeps_its_word


for operation in OPERATIONS:  # each a test with a name of its own, so that they can be run apart and in parallel
    globals()[f"test_{operation.name}_keeps_its_word"] = fuzzed(operation.name)
