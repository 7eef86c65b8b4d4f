"""What a rule said with its signal, without its name before it: pages name the rule beside, as a link."""

from __future__ import annotations

from evenhand.engine.detect.rulelife import PREFIX


def said(rule: str, summary: str) -> str:
    """ "" where it said nothing but its name. Sentences of others stay as they are."""
    head = f"Rule {rule}"
    return "" if summary == head else summary.removeprefix(f"{head}: ").removeprefix(f"{head} ")


def rule_in(name: str) -> str:
    """The rule that a detector or a decision's actor is; "" for another."""
    return name.removeprefix(PREFIX) if name.startswith(PREFIX) else ""
