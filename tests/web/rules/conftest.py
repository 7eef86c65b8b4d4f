"""A console with a published rule project, and people who may do more or less with it."""

import pytest

from tests.desk.rules.conftest import project, to_stage  # noqa: F401 (fixtures)
from tests.web.console.conftest import (  # noqa: F401 (fixtures)
    _quick,
    ana,
    ben,
    desk,
    fold,
    log,
    person,
    platform,
    signed_in,
    text,
)


@pytest.fixture
def auditor(signed_in, person):  # noqa: F811 (a fixture asks for a fixture)
    return signed_in(person("aud", "auditor"))


@pytest.fixture
def admin(signed_in, person):  # noqa: F811 (a fixture asks for a fixture)
    return signed_in(person("ada", "admin"))
