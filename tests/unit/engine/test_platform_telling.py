"""What a judged person is told: the right words in the right language, and never a placeholder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.platform import Template
from evenhand.engine.platform.telling import OF_HOLDS, PLACEHOLDERS, Unfilled, candidates, fill, named, stray
from tests.unit.engine.platform_values import harbour, problems

VALUES = {name: f"<{name}>" for name in PLACEHOLDERS}


def template(id_: str = "t", message: str = "m", when: str = "act", **more: object) -> Template:
    return Template(id=id_, when=when, message=message, **more)


def best(own: list[Template], *, policies=("spam",), action="remove", languages=("en",), when="act") -> str:
    found = candidates(own, (), when=when, policies=policies, action=action, languages=languages)
    return next((one.id for one in found), "")


def told(message: str, **values: str) -> str:
    return fill(template(message=message), values).text


class TestFilling:
    def test_each_placeholder_is_filled(self):
        assert told("{policy}: {action}, {policy}", policy="Spam", action="Hide") == "Spam: Hide, Spam"

    def test_braces_written_twice_stand_for_themselves(self):
        assert told("a {{policy}} and {policy}", policy="Spam") == "a {policy} and Spam"

    def test_what_is_put_in_is_not_read_again(self):
        assert told("“{item_excerpt}”", item_excerpt="{policy} {{ }") == "“{policy} {{ }”"

    @pytest.mark.parametrize("value", [{}, {"reason": ""}, {"reason": " \n"}])
    def test_nothing_is_sent_with_a_hole_in_it(self, value):
        with pytest.raises(Unfilled) as refused:
            told("Because {reason}", **value)
        assert refused.value.names == ("reason",)

    @pytest.mark.parametrize("message", ["a { b", "a } b", "{Policy}", "{}", "{policy", "{a b}", "{{policy}"])
    def test_nothing_is_sent_with_a_brace_alone(self, message):
        with pytest.raises(Unfilled):
            told(message, **VALUES)

    @given(st.text(st.sampled_from("{}abpolicy_ "), max_size=30))
    def test_whatever_is_sent_has_no_placeholder_left(self, message):
        values = dict.fromkeys(named(message), "X")
        if stray(message):
            with pytest.raises(Unfilled):
                told(message, **values)
            return
        doubled = message.replace("{{", "").replace("}}", "")
        text = told(message, **values)
        assert text.count("{") + text.count("}") == (len(message) - len(doubled)) // 2


class TestChoosing:
    def test_the_nearest_policy_counts_then_the_action_then_the_order(self):
        everyone, action = template("all"), template("by action", actions=("remove",))
        above, own = template("above", policies=("abuse",)), template("own", policies=("spam",))
        line = ("spam", "abuse")
        assert best([everyone, above, own], policies=line) == "own"
        assert best([everyone, above, action], policies=line) == "above"
        assert best([everyone, action], policies=line) == "by action"
        assert best([everyone, template("later")], policies=line) == "all"
        assert best([own, action], policies=("other",), action="hide") == ""

    def test_the_first_language_that_there_is_counts_before_everything_else(self):
        german, english = template("de", language="de"), template("en", policies=("spam",))
        assert best([english, german], languages=("de", "en")) == "de"
        assert best([english, german], languages=("fr", "en")) == "en"
        assert best([german], languages=("fr", "en")) == ""

    def test_the_very_tag_counts_before_its_first_part(self):
        swiss, german = template("de-CH", language="de-CH"), template("de", language="de", policies=("spam",))
        assert best([german, swiss], languages=("de-CH",)) == "de-CH"
        assert best([german, swiss], languages=("de",)) == "de"
        assert best([swiss], languages=("de-AT",)) == "de-CH"

    def test_the_platforms_words_come_before_the_desks_even_in_another_language(self):
        own, desks = [template("own", language="de")], [template("desk", language="en")]
        found = candidates(own, desks, when="act", policies=(), action="x", languages=("en", "de"))
        assert [one.id for one in found] == ["own", "desk"]

    def test_each_occasion_has_words_of_its_own(self):
        assert best([template(when="hold")], when="act") == ""


class TestChecks:
    def added(self, message: str, when: str = "act", **more: str) -> list[tuple[str, str]]:
        keys = {"id": "t", "when": when, "message": message, **more}
        lines = "".join(f'{key} = "{value}"\n' for key, value in keys.items())
        return [(one.path, one.found) for one in problems(harbour(add=f"\n[[templates]]\n{lines}"))]

    def test_known_placeholders_are_taken(self):
        names = [name for name in PLACEHOLDERS if name not in {"appeal_url", *OF_HOLDS}]
        assert self.added(" ".join(f"{{{name}}}" for name in names)) == []
        assert self.added("{until}", when="hold") == []

    def test_an_unknown_one_is_refused_with_what_was_meant(self):
        [problem] = problems(harbour(add='\n[[templates]]\nid = "t"\nwhen = "act"\nmessage = "{polcy}"\n'))
        assert (problem.path, problem.found, problem.meant) == ("templates[0].message", "{polcy}", "policy")

    @pytest.mark.parametrize(
        ("message", "found"),
        [
            ("{until}", "{until}"),
            ("{appeal_url}", "no such address"),
            ("a } b", '"} b"'),
            (" ", "nothing"),
        ],
    )
    def test_what_could_never_be_filled_is_refused(self, message, found):
        assert self.added(message) == [("templates[0].message", found)]

    def test_the_address_of_objections_may_hold_the_decision(self):
        template = '\n[[templates]]\nid = "t"\nwhen = "act"\nmessage = "{appeal_url}"\n'
        url = 'appeal_url = "https://harbour.example/appeal?of={decision}"\n'
        assert problems(url + harbour(add=template)) == []
        [problem] = problems('appeal_url = "harbour.example"\n' + harbour(add=template))
        assert problem.path == "appeal_url"

    def test_a_language_is_a_tag_and_references_exist(self):
        assert self.added("m", language="German")[0][0] == "templates[0].language"
        lines = '\n[[templates]]\nid = "t"\nwhen = "act"\nmessage = "m"\npolicies = ["none"]\nactions = ["hide"]\n'
        assert [one.path for one in problems(harbour(add=lines))] == ["templates[0].policies[0]"]
