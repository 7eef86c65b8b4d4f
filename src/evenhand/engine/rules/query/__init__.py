"""Stored events that a condition of the rule language is true of: SQL narrows, the rules decide."""

from evenhand.engine.rules.query.compiled import Query, to_sql
from evenhand.engine.rules.query.schema import Column, DialectName, Schema, Stored
from evenhand.engine.rules.query.words import search_for

__all__ = ["Column", "DialectName", "Query", "Schema", "Stored", "search_for", "to_sql"]
