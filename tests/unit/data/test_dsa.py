"""The list of DSA categories that policies may name."""

import re

from evenhand.data import dsa


def test_it_has_the_sixteen_categories_of_the_transparency_database():
    assert len(dsa.categories()) == 16


def test_each_code_has_the_databases_form_and_a_name_of_its_own():
    found = dsa.categories().values()
    assert all(re.fullmatch(r"STATEMENT_CATEGORY(_[A-Z]+)+", category.code) for category in found)
    assert len({category.name for category in found}) == 16


def test_each_tells_when_to_choose_it_in_a_sentence():
    assert all(category.choose.endswith(".") for category in dsa.categories().values())
