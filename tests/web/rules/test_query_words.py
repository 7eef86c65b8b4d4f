"""The query page to somebody who does not know the language yet, and what it tells of labels and verdicts."""

from html import unescape

import pytest
from django.urls import reverse

from evenhand.desk.rules import services
from tests.desk.conftest import post, sent

RULES = """
Author: Entity[str] = EntityJson(type='account', path='$.evenhand.author.id')
Text: str = JsonData(path='$.evenhand.item.text')
Pills = Rule(when_all=[TextContains(text=Text, phrase='cheap pills')], description='pills')
Dear = Rule(when_all=[TextContains(text=Text, phrase='dear pills')], description='dear')
WhenRules(rules_any=[Pills], then=[LabelAdd(entity=Author, label='seller'), DeclareVerdict(verdict='reject')])
WhenRules(rules_any=[Dear], then=[LabelRemove(entity=Author, label='seller'), DeclareVerdict(verdict='look')])
"""


@pytest.fixture
def page(desk):
    return lambda **asked: desk.get(reverse("web:rule_query"), asked)


@pytest.fixture
def labelled(fold, platform):
    services.publish({"main.sml": RULES}, {}, actor="system:test")
    for rule, stages in (("Pills", ("shadow", "live")), ("Dear", ("shadow",))):
        for stage in stages:
            services.move(rule, stage, actor="user:ana", owner="ana", reason="see what it does")
    fold(
        sent(post("p1", "cheap pills", author="ann")),
        sent(post("p2", "dear pills", author="ann")),
        sent(post("p3", "a fine morning", author="zoe")),
    )


def test_a_misspelt_name_is_told_with_the_one_that_was_meant(page, labelled, text):
    assert "did you mean 'Text'?" in unescape(text(page(q="Txet == 'x'")))
    assert "did you mean 'AuthorId'?" in unescape(text(page(q="authorid == 'ann'")))


def test_plain_words_lead_to_a_search_for_them(page, desk, labelled, text):
    answer = page(q="cheap pills", days="30")
    assert answer.status_code == 422
    assert "these are words, and no condition" in text(answer)
    assert "to look for them: TextContains(text=Text, phrase='cheap pills')" in unescape(text(answer))
    found = desk.get(answer.context["instead"]).context
    assert (found["answer"].matches, found["asked"].days) == (1, 30)


def test_nothing_asked_is_answered_with_a_question_that_has_an_answer(page, desk, labelled, text):
    answer = page(q=" ")
    assert "Write a condition first" in text(answer)
    assert desk.get(answer.context["instead"]).context["answer"].matches == 3
    assert "Write a condition first" not in text(page())


def test_nothing_asked_of_a_desk_without_items_says_so(page, platform, text):
    assert "The desk knows no items yet" in text(page(q=""))


@pytest.mark.parametrize(
    ("asked", "matches"),
    [
        ("DidAddLabel(label_name='seller')", 1),
        ("DidAddLabel(label_name='seller', entity_type='account')", 1),
        ("DidAddLabel(label_name='seller', entity_type='post')", 0),
        ("DidRemoveLabel(label_name='seller')", 0),
        ("DidDeclareVerdict(verdict='reject')", 1),
        ("DidDeclareVerdict(verdict='look')", 0),
        ("not DidDeclareVerdict(verdict='reject') and AuthorId == 'ann'", 1),
    ],
)
def test_items_are_found_by_what_rules_at_work_made_of_them(page, labelled, asked, matches):
    assert page(q=asked).context["answer"].matches == matches


def test_a_function_that_cannot_be_asked_here_says_so_at_its_place(page, labelled, text):
    answer = unescape(text(page(q="HasLabel(entity=Entity(type='account', id='ann'), label='seller')")))
    assert "query:1:1" in answer
    assert "which are not kept with it" in answer
    assert "DidAddLabel(label_name='...') asks what rules did then" in answer


def test_a_rule_is_asked_by_its_name_whatever_its_stage(page, labelled, text):
    assert page(q="Dear").context["answer"].matches == 1
    assert page(q="Pills == True").context["answer"].matches == 1
    assert page(q="not Pills and not Dear").context["answer"].matches == 1
    assert "Rule(when_all=[TextContains(text=Text, phrase='dear pills')]" in unescape(text(page()))


COUNTING = """
Id: str = JsonData(path='$.evenhand.author.id')
Recent = IncrementWindow(key=f'posts/{Id}', window_seconds=3600, when_all=[True])
Flood = Rule(when_all=[Recent >= 3], description='three')
"""


def test_a_rule_that_counts_is_refused_with_its_reason_where_it_is_said(page, platform, text):
    services.publish({"main.sml": COUNTING}, {}, actor="system:test")
    answer = page(q="Id == 'ann' and\\\n  Flood")
    assert answer.status_code == 422
    [problem] = answer.context["answer"].problems
    assert (problem.file, problem.line, problem.column, problem.width) == ("query", 2, 3, 5)
    assert problem.message.startswith("Flood cannot be asked, since it is made of Recent: IncrementWindow gives what")
    assert page(q="Id == 'ann'").status_code == 200


def test_a_missing_field_is_none_as_the_guide_says(page, labelled):
    pictures = "Pictures: List[str] = JsonData(path='$.pictures')\n"
    assert page(q=f"{pictures}Pictures != []").context["answer"].matches == 3
    assert page(q=f"{pictures}Pictures != None and Pictures != []").context["answer"].matches == 0
    assert page(q=f"{pictures}ListLength(list=Pictures) > 0").context["answer"].matches == 0
