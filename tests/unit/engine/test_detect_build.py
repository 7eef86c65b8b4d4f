"""The detectors of a platform document."""

from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.detect import build
from evenhand.engine.platform import Platform, Policy, WordList, check

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=12)
HOST = st.text("ab-_.éß", min_size=3, max_size=12).map(lambda name: f"{name}.example") | TEXT.map(
    lambda top: f"a.{top}"
)
REGEX = st.text("ab(|)*+?[]\\dws{1,3}.^$", min_size=1, max_size=12)
LISTS = st.one_of(
    st.builds(lambda term: ("keyword", term), TEXT),
    st.builds(lambda term: ("regex", term), REGEX | TEXT),
    st.builds(lambda term: ("domain", term), HOST),
)


def platform(*lists):
    return Platform(name="Harbour", policies=(Policy(id="spam", name="Spam"),), lists=lists)


@settings(deadline=None, max_examples=300)
@given(LISTS)
def test_a_list_that_passes_the_check_of_the_document_can_be_looked_for(drawn):
    kind, term = drawn
    document = platform(WordList(id="list", kind=kind, policy="spam", terms=(term,)))
    if not list(check(document, [])):
        build(document)


def names(*lists):
    return [detector.name for detector in build(platform(*lists))]


def test_detectors_that_need_no_list_are_always_there():
    assert names() == ["duplicate", "link_burst", "reports", "reporter", "media"]


def test_lists_add_what_looks_for_them():
    keyword = WordList(id="a", kind="keyword", policy="spam", terms=("spam",))
    domain = WordList(id="b", kind="domain", policy="spam", terms=("evil.example",))
    assert names(keyword, domain)[:2] == ["terms", "links"]


def test_what_differs_in_other_parts_of_the_document_does_not_change_versions():
    one, other = platform(), Platform(name="Elsewhere", language="de")
    assert [detector.version for detector in build(one)] == [detector.version for detector in build(other)]


def test_versions_fit_where_they_are_kept():
    lists = [WordList(id=str(n), kind="keyword", policy="spam", terms=(f"word{n}",) * 50) for n in range(20)]
    assert all(len(detector.version) <= 64 and len(detector.name) <= 64 for detector in build(platform(*lists)))
