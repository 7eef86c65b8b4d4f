"""Explaining an event looks at counters and labels as the event had them, and leaves them as they are."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules import replay
from evenhand.engine.rules.explain import explain
from evenhand.engine.rules.state import MemoryState, snapshot
from tests.unit.engine.rules.explain.project import AT, rules

PROJECT = rules("""\
User: Entity[str] = EntityJson(type='User', path='$.id')
Text: str = JsonData(path='$.text')
Posts = Count(counter='posts', key=User, window_seconds=60)
Loud = Count(counter='loud', key=User, window_seconds=60, when=[Text == 'LOUD'])
Window = IncrementWindow(key=Text, window_seconds=30, when_all=[Text != 'quiet'])
Pace = Rate(counter='pace', key=User, window_seconds=60)
First = FirstSeen(counter='users', key=User)
Marked = HasLabel(entity=User, label='odd')
R = Rule(when_all=[Posts >= 0, Loud >= 0, Window >= 0, Pace >= 0.0, First or True, Marked or True])
WhenRules(rules_any=[R], then=[DeclareVerdict(verdict='x')])
Often = Rule(when_all=[Posts > 2])
WhenRules(rules_any=[Often], then=[LabelAdd(entity=User, label='odd', expires_after=TimeDelta(seconds=20))])
""")
SHOWN = ("Posts", "Loud", "Window", "Pace", "First", "Marked")
data = st.fixed_dictionaries({"id": st.sampled_from("ab"), "text": st.sampled_from(["LOUD", "quiet"])})
events = st.lists(st.tuples(st.integers(1, 40), data), min_size=1, max_size=12)


def told(state, data, at, number):
    explanation = explain(PROJECT, "R", "post", data, at=at, action_id=number, state=state)
    return {one.name: one.value for one in explanation.features if one.name in SHOWN}


def kept(state):
    """What is remembered under each key; not when a key was looked at last."""
    return snapshot.read(state.dump()).values


@given(events)
def test_counters_are_told_as_the_event_has_them_whether_it_was_counted_or_not(given_events):
    state, at = MemoryState(), AT
    for number, (seconds, data) in enumerate(given_events, 1):
        at += timedelta(seconds=seconds)
        before = kept(state)
        early = told(state, data, at, number)
        assert kept(state) == before
        features = replay.play(PROJECT, state, "post", data, at=at, action_id=number).features
        after = kept(state)
        late = told(state, data, at, number)
        assert kept(state) == after
        assert early == late | {"Marked": early["Marked"]} == {name: features[name] for name in SHOWN}


def test_different_values_are_told_without_the_event_s_own_until_it_was_counted():
    project = rules("""\
Text: str = JsonData(path='$.text')
Different = CountDistinct(counter='texts', key='all', value=Text, window_seconds=60)
R = Rule(when_all=[Different > 5])
""")
    state = MemoryState()

    def different():
        return explain(project, "R", "post", {"text": "a"}, at=AT, action_id=1, state=state).features[0].value

    assert different() == 0
    project.run("post", {"text": "a"}, at=AT, action_id=1, state=state)
    assert different() == 1


def test_a_run_without_state_says_that_counters_are_not_to_be_had():
    explanation = explain(PROJECT, "Often", "post", {"id": "a", "text": "LOUD"}, at=AT)
    assert explanation.why_not == (
        "Posts has no value: counters are not to be had in this run: it was given no state.",
    )
