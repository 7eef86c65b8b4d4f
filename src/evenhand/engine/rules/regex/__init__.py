"""Patterns of rule files: Python's `re` in meaning, in linear time where it can be had, else under a limit."""

from evenhand.engine.rules.regex.literals import fold_case, literal_only, required_literals
from evenhand.engine.rules.regex.pattern import Pattern, TooSlow, compile_pattern
from evenhand.engine.rules.regex.textindex import TextIndex

__all__ = ["Pattern", "TextIndex", "TooSlow", "compile_pattern", "fold_case", "literal_only", "required_literals"]
