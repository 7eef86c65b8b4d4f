"""Changes as the console shows them."""

from hypothesis import given
from hypothesis import strategies as st

from evenhand.desk.policies.difference import MOST_WORDS, Part, parts, show
from evenhand.engine.platform import Change, Edit

texts = st.text(st.sampled_from("ab .\n"), max_size=30)


def joined(edit: Edit, *, without: str) -> str:
    return "".join(part.text for part in parts(edit) if part.how != without)


@given(texts, texts)
def test_a_text_without_what_is_new_is_the_old_and_without_what_is_gone_the_new(before, after):
    edit = Edit("text", before, after)
    assert joined(edit, without="new") == before
    assert joined(edit, without="gone") == after


def test_only_the_words_that_differ_are_marked():
    edit = Edit("text", "No spam here.", "No spam anywhere here.")
    assert [part for part in parts(edit) if part.how != "same"] == [Part("new", "anywhere ")]


def test_of_lists_the_elements_are_marked():
    assert list(parts(Edit("terms", ["a", "b", "c"], ["a", "c", "d"]))) == [
        Part("same", "a"),
        Part("same", ", "),
        Part("gone", "b"),
        Part("same", ", "),
        Part("same", "c"),
        Part("same", ", "),
        Part("new", "d"),
    ]


def test_other_values_are_shown_whole():
    assert list(parts(Edit("harm", 1.0, 2.5))) == [Part("gone", "1.0"), Part("new", "2.5")]
    assert list(parts(Edit("harm", None, 2.5))) == [Part("new", "2.5")]
    field = {"name": "a", "type": "STRING", "required": True, "container": "ARRAY"}
    assert list(parts(Edit("fields.a", field, None))) == [Part("gone", "a (STRING, required, container ARRAY)")]


def test_very_long_texts_are_not_compared_word_by_word():
    before, after = "a " * MOST_WORDS, "b " * MOST_WORDS
    assert list(parts(Edit("text", before, after))) == [Part("gone", before), Part("new", after)]


def test_keys_are_shown_in_the_readers_words():
    change = Change("changed", "item_types", "post", "Post", (Edit("fields.title.type", "STRING", "URL"),))
    (shown,) = show([change])
    assert (shown.noun, shown.lines[0].label) == ("Item type", "Fields, title, Type")
