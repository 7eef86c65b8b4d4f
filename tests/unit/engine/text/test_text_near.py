"""Near-duplicate texts: alike stays alike through edits, different stays different."""

from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.text.near import BANDS, SIMILAR, SKETCH, near, similarity

TEXT = "the council met last night behind closed doors and sold our park to a builder, share this before they delete it"
OTHER = (
    "we grow tomatoes on the balcony and this year the first ones came in june which surprised all of our neighbours"
)
WORDS = [f"w{number}" for number in range(3000)]


def alike(one, other):
    left, right = near(one), near(other)
    return bool(set(enumerate(left.bands)) & set(enumerate(right.bands))), similarity(left.sketch, right.sketch)


def test_the_same_text_is_the_same_through_case_accents_links_and_mentions():
    assert alike(TEXT, TEXT.upper().replace("A", "Á") + " https://x.example/123 @friend") == (True, 1.0)


def test_look_alikes_make_no_difference():
    assert alike(TEXT, TEXT.replace("o", "о"))[1] == 1.0


def test_a_text_with_something_added_is_still_alike():
    meets, share = alike(TEXT, "Wow!! " + TEXT + " please please")
    assert meets
    assert share > 0.7


def test_different_texts_are_not_alike():
    assert alike(TEXT, OTHER)[1] < 0.1


def test_short_texts_are_not_compared():
    assert near("happy birthday to you my friend") is None
    assert near("a b c d e f g h") is None


def test_scripts_without_spaces_are_compared_by_their_signs():
    chinese = "昨晚市议会闭门开会把我们的公园卖给了开发商请在他们删除之前分享给大家看看"
    assert alike(chinese, chinese + "谢谢")[1] > 0.8


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_has_its_bands_or_none(text):
    found = near(text)
    assert found is None or (len(found.bands) == BANDS and 4 <= len(found.sketch) <= 4 * SKETCH)


@settings(deadline=None)
@given(st.text("abc de", min_size=40, max_size=120), st.text("abc de", min_size=40, max_size=120))
def test_similarity_is_a_share_and_the_same_both_ways(one, other):
    left, right = near(one), near(other)
    if left and right:
        assert 0 <= similarity(left.sketch, right.sketch) == similarity(right.sketch, left.sketch) <= 1


def test_copies_with_one_word_in_ten_changed_meet_and_strangers_do_not():
    random = Random(7)
    posts = [random.choices(WORDS, k=random.randint(12, 45)) for _ in range(300)]
    copies = [[random.choice(WORDS) if random.random() < 0.1 else word for word in post] for post in posts]
    pairs = [alike(" ".join(post), " ".join(copy)) for post, copy in zip(posts, copies, strict=True)]
    assert sum(meets and share >= SIMILAR for meets, share in pairs) / len(posts) > 0.85
    assert not any(alike(" ".join(one), " ".join(other))[1] >= SIMILAR for one, other in pairwise(posts))
