"""A case that a rule helped open says which conditions held, and what stood in them."""

from evenhand.desk.cases.models import Case
from tests.desk.conftest import post, sent


def test_the_case_says_why_a_rule_fired(desk, fold, to_stage, text):
    to_stage("Pills", "live")
    fold(sent(post("p1", "cheap pills for all")))
    answer = desk.get(f"/cases/{Case.objects.get().pk}/?look")
    assert 'href="/rules/Pills/"' in answer.content.decode()
    assert "Why it fired" in text(answer)
    assert "phrase=&#x27;cheap pills&#x27;" in answer.content.decode()
