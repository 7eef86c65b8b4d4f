"""Why a rule fired on an event, or why not: for the person who looks at it, without changing anything."""

from evenhand.engine.rules.explain.explanation import explain
from evenhand.engine.rules.explain.fired import on_fire
from evenhand.engine.rules.explain.held import held
from evenhand.engine.rules.explain.report import Condition, Explanation, Feature, NotIncluded, Source
from evenhand.engine.rules.explain.rule import NoSuchRule

__all__ = ["Condition", "Explanation", "Feature", "NoSuchRule", "NotIncluded", "Source", "explain", "held", "on_fire"]
