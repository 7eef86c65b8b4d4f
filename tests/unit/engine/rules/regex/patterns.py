"""Patterns and texts as nobody would write them."""

from hypothesis import strategies as st

LETTERS = "abkKsSiIß012_ -\n\t.éſKİıΣςσµ中\u0301١\u00a0😀"
TEXTS = st.text(LETTERS, max_size=24) | st.text("abkKs1 \n", max_size=24) | st.text(max_size=12)

ESCAPED = {"\n": r"\n", "\t": r"\t", ".": r"\.", "-": r"\-", " ": " "}
SINGLES = st.sampled_from([ESCAPED.get(letter, letter) for letter in LETTERS])
WORDS = st.sampled_from(["spam", "Kiss", "straße", "ΑΣ", "İs", "ab"])
CLASSES = st.sampled_from(
    [
        r"\w",
        r"\W",
        r"\d",
        r"\D",
        r"\s",
        r"\S",
        ".",
        "[a-k]",
        "[^a-k]",
        r"[\ws]",
        r"[^\d_]",
        "[aſ]",
        "[İ-ſ]",
        "[^K]",
        "[σi]",
    ]
)
EDGES = st.sampled_from([r"\b", r"\B", "^", r"\A"])
REPEATS = st.sampled_from(["*", "+", "?", "*?", "+?", "{2}", "{1,3}", "{2,}"])


def _grown(inner):
    group = inner.map(lambda one: f"(?:{one})")
    return (
        st.tuples(inner, inner).map("".join)
        | st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})")
        | st.tuples(group, REPEATS).map("".join)
        | inner.map(lambda one: f"(?i:{one})")
        | inner.map(lambda one: f"(?s-i:{one})")
        | inner.map(lambda one: f"(?m:^{one}$)")
    )


LINEAR = st.recursive(SINGLES | WORDS | CLASSES | EDGES, _grown, max_leaves=7).flatmap(
    lambda body: st.sampled_from([body, body + "$", body + r"\Z", f"(?:{body}$|b)", body + r"\b", f"(?a){body}"])
)
"""`(?a:…)` is left out: where a pattern begins with it, Python overlooks it when it skips to the first character."""


def _looking(body):
    around = st.sampled_from(["(?={})", "(?!{})", "(?<={})", "(?<!{})"])
    return (
        st.tuples(around, SINGLES | CLASSES)
        .map(lambda pair: pair[0].format(pair[1]))
        .flatmap(lambda look: st.sampled_from([body + look, look + body]))
    )


LOOKING = LINEAR.filter(lambda body: not body.endswith(("$", "Z"))).flatmap(_looking)
