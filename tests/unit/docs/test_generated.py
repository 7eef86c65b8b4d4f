"""Pages that are generated say what the code says now."""

import pytest

from docs import generate


@pytest.mark.parametrize("name", sorted(generate.PAGES))
def test_a_generated_page_is_current(name):
    assert name not in generate.stale(), "./run docs writes it anew"
