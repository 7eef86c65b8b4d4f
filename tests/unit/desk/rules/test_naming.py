"""What the project gives names to can be said in a query, each name as it is written in its file."""

from evenhand.desk.rules.naming import names
from evenhand.runtime.rules import load_sources

SOURCES = {
    "main.sml": """Import(rules=['other.sml'])
Text: str = JsonData(path='$.text')  # what is said
Key: Secret[str] = JsonData(path='$.key')
_Odd = StringContains(s=Text, phrase='odd')
Soup = Rule(when_all=[
    _Odd,  # a comment within
    StringContains(s=Text, phrase='soup'),
], description=f'{Text} is soup')
WhenRules(rules_any=[Soup], then=[DeclareVerdict(verdict='soup')])
""",
    "other.sml": "_Odd = 3\nN: int = JsonData(path='$.n')\nThree = N == _Odd\n",
}


def found(sources):
    return names(load_sources(sources, {}), sources)


def test_a_name_is_told_in_one_line_without_comments():
    assert found(SOURCES)["Text"] == "str = JsonData(path='$.text')"
    assert "comment" not in found(SOURCES)["Soup"]


def test_names_that_are_local_to_two_files_stay_apart():
    told = found(SOURCES)
    assert told["_other_sml_Odd"] == "= 3"
    assert told["Three"] == "= N == _other_sml_Odd"
    assert "when_all=[_main_sml_Odd, " in told["Soup"]


def test_a_secret_has_no_name_in_a_query():
    assert "Key" not in found(SOURCES)


def test_each_name_stands_behind_those_that_it_is_made_of():
    told = list(found(SOURCES))
    assert told.index("Text") < told.index("_main_sml_Odd") < told.index("Soup")
