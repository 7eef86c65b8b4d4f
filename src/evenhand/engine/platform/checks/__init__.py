"""What must hold in a platform document beyond its shape. Each module looks at one part, and tells all it finds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain

from evenhand.engine.platform.checks import (
    actions,
    destinations,
    duty,
    fields,
    holds,
    ids,
    lists,
    looks,
    policies,
    queues,
    references,
    templates,
    texts,
)
from evenhand.engine.platform.document import Platform
from evenhand.engine.platform.problems import Problem


def check(platform: Platform, categories: Collection[str]) -> Iterator[Problem]:
    """Every mistake in `platform`. `categories` are the DSA's statement categories that are known."""
    return chain(
        texts.check(platform),
        ids.check(platform),
        references.check(platform),
        fields.check(platform),
        policies.check(platform, categories),
        actions.check(platform),
        destinations.check(platform),
        queues.check(platform),
        lists.check(platform),
        duty.check(platform),
        holds.check(platform),
        looks.check(platform),
        templates.check(platform),
    )
