"""Arguments that no event can make right are told before any event comes."""

from datetime import UTC, datetime

import pytest

from evenhand.engine.rules import RuleError, load_sources

GIVEN = """\
Text: str = JsonData(path='$.text')
Number: int = JsonData(path='$.number')
User: Entity[str] = EntityJson(type='User', path='$.user')
"""


def problems(line, first=""):
    with pytest.raises(RuleError) as error:
        load_sources({"main.sml": f"{first}{GIVEN}{line}\n"})
    return error.value.problems


def pointed_at(problem):
    """What the caret is under."""
    return problem.source[problem.column - 1 : problem.column - 1 + problem.width]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("X = RegexMatch(pattern='(a', target=Text)", "'(a'"),
        ("X = RegexMatch(pattern='(?<=a*)b', target=Text)", "'(?<=a*)b'"),
        ("X = RegexMatchMap(pattern='a{2,1}', target=[Text])", "'a{2,1}'"),
        ("X = CountRegexMatches(patterns=['a', '[b'], target=Text)", "'[b'"),
        ("P = '(a'\nX = RegexMatch(pattern=P, target=Text)", "P"),
    ],
)
def test_a_pattern_that_is_none_is_told_at_its_place(line, place):
    [problem] = problems(line)
    assert pointed_at(problem) == place


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("X = RegexMatch(pattern='(?<=a)b', target=Text)", "look-around"),
        ("X = RegexMatch(pattern='(?!x)a(?=b)', target=Text, case_insensitive=True)", "look-around"),
        (r"X = RegexMatchMap(pattern=r'(a+)+\1$', target=[Text])", "back-references"),
        ("X = CountRegexMatches(patterns=['a', 'a(?!b)'], target=Text)", "look-around"),
    ],
)
def test_only_strict_mode_refuses_patterns_that_may_take_forever(line, words):
    [problem] = problems(line, "# strict\n")
    assert words in problem.message
    assert "RegexMatch(…) and not RegexMatch(…)" in problem.message
    load_sources({"main.sml": f"{GIVEN}{line}\n"})


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("X = Enqueue(policy='p', probability=5)", "5"),
        ("X = Hold(policy='p', hours=-1)", "-1"),
        ("X = HasLabel(entity=User, label='l', status='gone')", "'gone'"),
        ("X = IncrementWindow(key=Text, window_seconds=0, when_all=[Number > 1])", "0"),
        ("X = Count(counter='c', key=User, window_seconds=60 * -1)", "60 * -1"),
        ("Never = 0\nX = CountDistinct(counter='c', key=User, value=Number, window_seconds=Never)", "Never"),
        ("X = Rate(counter='c', key=User, window_seconds=60, per_seconds=0)", "0"),
        ("X = Surge(counter='c', key=User, window_seconds=60, baseline_seconds=60)", "60"),
        ("X = RandomBool(percentage=101)", "101"),
        ("X = RandomInt(start=5, end=1)", "1"),
        ("X = TimeDelta(days=1e12)", "TimeDelta(days=1e12)"),
        ("X = StringSplit(s=Text, sep='')", "''"),
        ("X = StringClean(s=Text, form='NFX')", "'NFX'"),
        ("X = StringStrip(s=Text, chars='x' * 1001)", "'x' * 1001"),
        ("X = RegexMatchMap(pattern='a', target=[Text], mode='some')", "'some'"),
        ("X = GetTimestampBucket(x=Text, granularity_seconds=0)", "0"),
        ("X = GetTimedeltaBucket(x=TimeSince(timestamp=Text), granularity_seconds=-5)", "-5"),
        ("X = GetSnowflakeBucket(x=Number, granularity_seconds=0)", "0"),
        ("X = Experiment(entity=User, buckets=['a', 'b'], bucket_sizes=[50.0], version=1, revision=1)", "[50.0]"),
        (
            "X = Experiment(entity=User, buckets=['a', 'a'], bucket_sizes=[5.0, 5.0], version=1, revision=1)",
            "['a', 'a']",
        ),
        (
            "X = Experiment(entity=User, buckets=['a', 'b'], bucket_sizes=[60.0, 50.0], version=1, revision=1)",
            "[60.0, 50.0]",
        ),
    ],
)
def test_a_value_that_the_function_always_refuses_is_told_at_its_place(line, place):
    [problem] = problems(line)
    assert pointed_at(problem) == place
    assert problem.hint


@pytest.mark.parametrize(
    "line",
    [
        "X = Enqueue(policy='p', probability=Number)",
        "X = Hold(policy='p', hours=24 * 366)",
        "X = HasLabel(entity=User, label='l', status='removed', error_on_empty=True)",
        "X = IncrementWindow(key=Text, window_seconds=60 * 60, when_all=[Number > 1])",
        "X = Surge(counter='c', key=User, window_seconds=Number, baseline_seconds=60)",
        "X = RandomInt(start=Number, end=1)",
        "X = RegexMatch(pattern='a.*b', target=Text)",
        "X = StringSplit(s=Text, sep=Text)",
        "X = StringClean(s=Text, form=Text)",
        "X = RegexMatchMap(pattern='a', target=[Text], mode=Text)",
        "X = GetTimestampBucket(x=Text, granularity_seconds=Number)",
        "X = GetTimestampBucket(x='never', granularity_seconds=60)",
        "X = Experiment(entity=User, buckets=[Text, 'b'], bucket_sizes=[50.0, 50.0], version=1, revision=1)",
    ],
)
def test_what_some_event_makes_right_is_left_alone(line):
    load_sources({"main.sml": f"{GIVEN}{line}\n"})


def test_a_function_in_the_place_of_a_built_in_one_has_its_own_bounds():
    def RandomBool(percentage: float) -> bool:
        return percentage > 500

    load_sources({"main.sml": "X = RandomBool(percentage=1000)\n"}, udfs=[RandomBool])


def test_what_was_published_before_runs_though_it_can_only_fail():
    lines = "X = StringSplit(s=Text, sep='')\nY = RegexMatch(pattern='(a', target=Text)\nZ = StringLength(s=Text)\n"
    found = load_sources({"main.sml": GIVEN + lines}, stored=True)
    assert [(one.line, one.severity) for one in found.doubts] == [(4, "warning"), (5, "warning")]
    data = {"text": "abc", "number": 1, "user": "u"}
    result = found.run("post", data, at=datetime(2026, 1, 1, tzinfo=UTC))
    assert {name: result.features[name] for name in "XYZ"} == {"X": None, "Y": None, "Z": 3}
    assert {one.line for one in result.errors} == {4, 5}


def test_any_other_mistake_of_a_project_that_was_published_before_is_one():
    with pytest.raises(RuleError):
        load_sources({"main.sml": f"{GIVEN}X = StringSplit(s=Number, sep='')\n"}, stored=True)


def test_a_value_that_takes_long_to_make_is_not_made():
    doubled = "".join(f"A{n + 1} = A{n} + A{n}\n" for n in range(200))
    load_sources({"main.sml": f"A0 = 0\n{doubled}X = RandomBool(percentage=A200)\n"})
