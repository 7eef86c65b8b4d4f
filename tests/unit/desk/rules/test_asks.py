"""What the pages say of a rule, read off its source."""

from evenhand.desk.rules.asks import descriptions
from evenhand.engine import rules

SOURCE = """
PeopleInAnHour: int = JsonData(path='$.people')
_word_list: str = JsonData(path='$.word')
Crowd = Rule(when_all=[PeopleInAnHour > 3, _word_list != ''], description=f'{PeopleInAnHour} people say {_word_list}')
Plain = Rule(when_all=[PeopleInAnHour > 9], description='A {crowd}')
WhenRules(rules_any=[Crowd, Plain], then=[])
"""


def test_names_of_values_stand_as_words_in_what_a_rule_says_of_itself():
    found = descriptions(rules.load_sources({"main.sml": SOURCE}))
    assert found == {"Crowd": "‹people in an hour› people say ‹word list›", "Plain": "A {crowd}"}
