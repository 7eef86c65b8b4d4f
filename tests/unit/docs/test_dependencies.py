"""No dependency without a reason, and no licence but the one that it has."""

import importlib.metadata
import re

import pytest

from docs.pages.dependencies import declared, reasons

OWN_WORDS = {
    "ahocorasick-rs": "Apache 2.0",
    "django-csp": "BSD",
    "import-linter": "BSD 2-Clause License",
    "google-re2": "BSD License",
}
"""What a package says of itself where it is less precise than SPDX."""


def test_every_dependency_has_a_reason_and_no_reason_is_left_over():
    groups = {name: entry.get("group", "run") for name, entry in reasons().items()}
    assert groups == declared()


def licence_text(name):
    files = importlib.metadata.files(name) or []
    return "".join(file.read_text("utf-8") for file in files if file.name.upper().startswith("LICEN"))


@pytest.mark.parametrize("name", sorted(reasons()))
def test_the_licence_is_the_one_that_the_installed_package_names(name):
    metadata = importlib.metadata.metadata(name)
    classifiers = [text for text in metadata.get_all("Classifier") or [] if text.startswith("License ::")]
    says = " ".join([metadata.get("License-Expression") or "", metadata.get("License") or "", *classifiers])
    says = says.strip() or licence_text(name)
    expected = OWN_WORDS.get(name) or reasons()[name]["licence"]
    families = re.findall(r"MIT|BSD|Apache|LGPL|GPL|MPL|ISC|CNRI", expected)
    assert families
    assert all(family in says for family in families)
