"""A project is published whole or not at all; each step in a rule's life has an owner, a reason and a ledger entry."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.audit.models import Entry
from evenhand.desk.fields import now_micros
from evenhand.desk.rules import checking, jobs, queries, services
from evenhand.desk.rules.models import Hits, Life, ProjectVersion
from evenhand.desk.rules.queries import problems, running
from evenhand.desk.signals.models import Signal
from evenhand.engine.model import Ref
from evenhand.engine.rules import RuleError
from evenhand.runtime import udfs
from tests.desk.conftest import post, sent
from tests.desk.rules.conftest import CONFIG, MAIN

HOUR = 3_600_000_000


def publish(text: str, **more: object) -> services.Published:
    return services.publish({"main.sml": text}, CONFIG, actor="user:ana", **more)  # type: ignore[arg-type]


def live(rule: str, **more: object) -> None:
    for stage in ("shadow", "live"):
        services.move(rule, stage, actor="user:ana", owner="ana", reason="because", **more)  # type: ignore[arg-type]


def test_the_first_project_is_version_1_with_its_ledger_entry(db):
    published = publish(MAIN, note="the first")
    assert (published.version, published.rules, published.fresh) == (1, ("Pills", "Flood", "Known"), True)
    assert Entry.objects.filter(act="rules_published").count() == 1
    running = queries.current(fresh=True)
    assert running.version == 1
    assert running.rules is not None


def test_the_same_project_again_is_no_new_version(project):
    assert publish(MAIN) == services.Published(1, ("Pills", "Flood", "Known"), fresh=False)
    assert ProjectVersion.objects.count() == 1


def test_rules_with_a_mistake_never_replace_the_running_ones(project):
    with pytest.raises(RuleError) as told:
        publish(MAIN + "\nBroken = Rule(when_all=[Texd == 'a'])\n")
    [problem] = told.value.problems
    assert (problem.file, problem.line) == ("main.sml", MAIN.count("\n") + 2)
    assert "Text" in problem.hint
    assert queries.current(fresh=True).version == 1


def test_who_publishes_over_a_version_that_they_have_not_seen_is_told(project):
    publish(MAIN + "# more\n")
    with pytest.raises(services.Conflict, match="Version 2"):
        publish(MAIN + "# else\n", expect=1)


def test_a_rule_whose_name_is_too_long_for_a_signal_is_refused(db):
    with pytest.raises(RuleError) as told:
        publish(f"{'A' * 70} = Rule(when_all=[True])\nWhenRules(rules_any=[{'A' * 70}], then=[])\n")
    assert any("59" in problem.hint for problem in told.value.problems)


def test_a_rule_without_a_name_is_refused_at_its_place(platform):
    with pytest.raises(RuleError) as told:
        publish("WhenRules(\n  rules_any=[Rule(when_all=[True])],\n  then=[Enqueue(policy='spam')],\n)\n")
    [problem] = told.value.problems
    assert (problem.line, problem.message) == (2, "a rule without a name stays a draft for ever")


@pytest.mark.parametrize(
    ("effect", "hint"),
    [
        ("Enqueue(policy='spamm')", "did you mean 'spam'?"),
        ("Hold(policy='nothing-like-it')", "choose one of"),
        ("Act(action='removee', policy='spam')", "did you mean 'remove'?"),
    ],
)
def test_a_policy_or_action_that_the_platform_does_not_know_is_refused_at_its_place(platform, effect, hint):
    text = MAIN.replace("then=[Hold(policy='spam', hours=12)]", f"then=[{effect}]")
    with pytest.raises(RuleError) as told:
        publish(text)
    [problem] = told.value.problems
    assert hint in problem.hint
    assert text.splitlines()[problem.line - 1][problem.column - 1 :].startswith("'")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"stage": "live"}, "shadow first"),
        ({"stage": "canary"}, "shadow first"),
        ({"stage": "loud"}, "choose one of"),
        ({"rule": "Nothing"}, "no rule Nothing"),
        ({"owner": " "}, "who answers"),
        ({"reason": ""}, "who answers"),
        ({"share": 0.0}, "more than 0"),
        ({"share": 1.5}, "at most 1"),
        ({"cap_per_hour": -1}, "0 or more"),
        ({"low_per_day": 5.0, "high_per_day": 2.0}, "lower end"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "past"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused_and_changes_nothing(project, more, why):
    step = {"rule": "Pills", "stage": "shadow", "actor": "user:ana", "owner": "ana", "reason": "because"} | more
    with pytest.raises(services.Refused, match=why):
        services.move(**step)
    assert not Life.objects.exists()


def test_each_step_is_in_the_ledger_and_in_the_rules_history(project):
    live("Pills")
    assert [life.stage for life in queries.life_of("Pills")] == ["live", "shadow"]
    assert Entry.objects.filter(act="rule_moved").count() == 2


def test_a_rule_that_left_the_project_can_still_be_retired(project):
    live("Pills")
    publish("Text: str = JsonData(path='$.text')\nA = Rule(when_all=[Text == 'a'])\nWhenRules(rules_any=[A], then=[])")
    services.move("Pills", "retired", actor="user:ana", owner="ana", reason="gone")
    assert queries.lives()["Pills"].stage == "retired"


def fires(rule: str, count: int, *, hours_ago: int = 1, stage: str = "live") -> None:
    Hits.objects.create(rule=rule, hour=now_micros() // HOUR - hours_ago, stage=stage, fired=count)


def test_a_rule_that_fires_more_than_its_band_allows_steps_back_to_shadow(project):
    live("Pills", high_per_day=10.0)
    fires("Pills", 10)
    assert jobs.keep_in_band() == []
    fires("Pills", 1, hours_ago=2)
    assert jobs.keep_in_band() == ["Pills"]
    life = queries.lives()["Pills"]
    assert (life.stage, life.changed_by, life.owner) == ("shadow", "system:rules", "ana")
    assert "11 times in 24 h" in life.reason
    assert jobs.keep_in_band() == []


def test_the_lower_end_counts_after_a_whole_day(project):
    live("Pills", low_per_day=1.0)
    assert jobs.keep_in_band() == []
    Life.objects.update(changed_at=timezone.now() - timedelta(hours=25))
    assert jobs.keep_in_band() == ["Pills"]


def test_what_fired_in_shadow_or_long_ago_does_not_count(project):
    live("Pills", high_per_day=1.0)
    fires("Pills", 50, stage="shadow")
    fires("Pills", 50, hours_ago=30)
    assert jobs.keep_in_band() == []


def test_a_label_by_hand_needs_a_reason_and_is_in_the_ledger(db):
    ann = Ref("Account", "ann")
    with pytest.raises(ValueError, match="Say why"):
        services.mark(ann, "seller", "added", actor="user:ana", reason=" ")
    services.mark(ann, "seller", "added", actor="user:ana", reason="seen it", expires_at=timezone.now())
    services.mark(ann, "trusted", "added", actor="user:ana", reason="known for years")
    [mark] = queries.of_entities([ann], now=now_micros())[ann]
    assert (mark.label, mark.manual, mark.reason) == ("trusted", True, "known for years")
    assert Entry.objects.filter(act="label_set").count() == 2


def test_a_rule_that_comes_back_stands_where_it_stood(project):
    live("Pills")
    publish("A = Rule(when_all=[True])\n")
    assert queries.current(fresh=True).lives["Pills"].stage == "live"
    publish(MAIN)
    assert queries.lives()["Pills"].stage == "live"
    services.move("Pills", "draft", actor="user:ana", owner="ana", reason="not yet")
    with pytest.raises(services.Refused, match="shadow first"):
        services.move("Pills", "live", actor="user:ana", owner="ana", reason="now")


def test_a_rule_keeps_its_life_when_its_file_has_another_name(project):
    live("Pills")
    services.publish({"main.sml": "Require(rule='new.sml')\n", "new.sml": MAIN}, CONFIG, actor="user:ana")
    assert queries.lives()["Pills"].stage == "live"
    assert queries.current(fresh=True).version == 2


def test_one_name_in_two_files_is_refused(project):
    rule = "Twice = Rule(when_all=[True])\n"
    sources = {"main.sml": "Import(rules=['a.sml', 'b.sml'])\n", "a.sml": rule, "b.sml": rule}
    with pytest.raises(RuleError, match="Twice"):
        services.publish(sources, CONFIG, actor="user:ana")
    assert queries.current(fresh=True).version == 1


def test_a_function_that_broke_after_rules_were_published_stops_only_the_rules_that_call_it(
    platform, fold, monkeypatch
):
    def Oddness(text: str) -> float:
        return 1.0

    using = (
        "\nOdd = Rule(when_all=[Oddness(text=Text) > 0.5])\nWhenRules(rules_any=[Odd], then=[Enqueue(policy='spam')])\n"
    )
    monkeypatch.setattr("evenhand.runtime.rules.installed", lambda: udfs.Installed((Oddness,), {}))
    publish(MAIN + using)
    for rule in ("Pills", "Odd"):
        live(rule)
    why = "Oddness (quay:nothing, of quay) cannot be loaded: no such name"
    monkeypatch.setattr("evenhand.runtime.rules.installed", lambda: udfs.Installed((), {"Oddness": why}))
    running._compiled.cache_clear()
    queries.forget()
    fold(sent(post("p1", "cheap pills")))
    assert list(Signal.objects.values_list("detector", flat=True)) == ["rule:Pills"]
    told = {one.code: one.message for one in problems.rules()}
    assert why in told["rules_always_fail"]
    assert why in told["rule_failed"]
    assert "rules_cannot_run" not in told


def test_a_function_that_cannot_be_had_is_told_though_no_rule_calls_it(project, monkeypatch):
    why = "Oddness (quay:nothing, of quay) cannot be loaded: no such name"
    monkeypatch.setattr(udfs, "installed", lambda: udfs.Installed((), {"Oddness": why}))
    (told,) = problems.rules()
    assert (told.code, told.message, told.severity) == ("rule_function_unusable", why, "warning")


def test_while_somebody_writes_they_are_told_of_paths_that_no_item_has(platform):
    found = checking.checked({"main.sml": MAIN.replace("$.text", "$.txet")})
    (warning,) = found.warnings
    assert (warning.line, warning.column) == (2, 30)
    assert "did you mean 'text'?" in warning.hint
    assert found.fits
    strict = checking.checked({"main.sml": f"# strict\n{MAIN.replace('$.text', '$.txet')}"})
    assert "no event has the field 'txet' in $" in [one.message for one in strict.problems]
