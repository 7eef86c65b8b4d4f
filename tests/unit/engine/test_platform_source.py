"""The lines of paths in TOML text."""

import tomllib

from hypothesis import given

from evenhand.engine.platform import export
from evenhand.engine.platform.problems import key_path
from evenhand.engine.platform.source import line_of, lines
from tests.unit.engine.platform_values import platforms

TRICKY = '''\
# a comment with [[policies]] in it
name = "a # no comment" # one
[[policies]]
id = "a"
text = """
[[policies]]
quote: \\""" and "" end"""""
[policies.codes]
coop = "x"
"a.b" = 'c'

  [[ policies ]]   # spaced
id = 'b'
codes.ozone = """one line"""
[[item_types]]
fields = [
  { name = "x, ]", type = "STRING" }, # }
  # [ {
  {
    name = "y" },
]
[[item_types]]
[[item_types.fields]]
name = \'\'\'
raw ] \\\'\'\'
[[item_types.fields]]
when = 2026-01-02 03:04:05
'''.replace("  {\n    name", "  { name")


def test_each_key_table_and_element_has_its_line():
    found = lines(TRICKY)
    text = TRICKY.splitlines()
    assert {path: text[line - 1].strip() for path, line in found.items()} == {
        "name": 'name = "a # no comment" # one',
        "policies": "[[policies]]",
        "policies[0]": "[[policies]]",
        "policies[0].id": 'id = "a"',
        "policies[0].text": 'text = """',
        "policies[0].codes": "[policies.codes]",
        "policies[0].codes.coop": 'coop = "x"',
        'policies[0].codes."a.b"': "\"a.b\" = 'c'",
        "policies[1]": "[[ policies ]]   # spaced",
        "policies[1].id": "id = 'b'",
        "policies[1].codes": 'codes.ozone = """one line"""',
        "policies[1].codes.ozone": 'codes.ozone = """one line"""',
        "item_types": "[[item_types]]",
        "item_types[0]": "[[item_types]]",
        "item_types[0].fields": "fields = [",
        "item_types[0].fields[0]": '{ name = "x, ]", type = "STRING" }, # }',
        "item_types[0].fields[0].name": '{ name = "x, ]", type = "STRING" }, # }',
        "item_types[0].fields[0].type": '{ name = "x, ]", type = "STRING" }, # }',
        "item_types[0].fields[1]": '{ name = "y" },',
        "item_types[0].fields[1].name": '{ name = "y" },',
        "item_types[1]": "[[item_types]]",
        "item_types[1].fields": "[[item_types.fields]]",
        "item_types[1].fields[0]": "[[item_types.fields]]",
        "item_types[1].fields[0].name": "name = '''",
        "item_types[1].fields[1]": "[[item_types.fields]]",
        "item_types[1].fields[1].when": "when = 2026-01-02 03:04:05",
    }
    assert found["item_types[1].fields[1].when"] == len(text)


def test_what_is_not_written_stands_where_its_surroundings_stand():
    found = lines(TRICKY)
    assert line_of("policies[1].codes.coop", found) == found["policies[1].codes"]
    assert line_of('policies[0].codes."x.y[1]"', found) == found["policies[0].codes"]
    assert line_of("queues[4].roles[1]", found) is None


def test_windows_line_ends_count_once():
    assert lines("a = 1\r\nb = 2\r\n") == {"a": 1, "b": 2}


@given(platforms)
def test_every_value_of_any_exported_document_is_found(platform):
    """Law: the scanner knows exactly the paths that tomllib sees."""
    source = export(platform)
    assert set(lines(source)) == set(_paths(tomllib.loads(source), ""))


def _paths(value, path):
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, key_path(path, key))
    if isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _paths(inner, f"{path}[{at}]")
