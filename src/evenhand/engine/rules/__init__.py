"""Rules in SML: parse, check, compile, run, explain."""

from evenhand.engine.rules.problem import Problem, RuleError
from evenhand.engine.rules.ruleset import RuleSet, load_sources
from evenhand.engine.rules.run import Result

__all__ = ["Problem", "Result", "RuleError", "RuleSet", "load_sources"]
