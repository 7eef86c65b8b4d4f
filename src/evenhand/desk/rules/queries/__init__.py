"""What can be asked about rules: the project in force, lives, hits, labels."""

from evenhand.desk.rules.models import Life
from evenhand.desk.rules.queries.hits import Failed, Fired, capped, failed, hits, series, totals
from evenhand.desk.rules.queries.labels import Mark, manual_labels, of_entities, recent
from evenhand.desk.rules.queries.lives import life_of, lives, step_backs
from evenhand.desk.rules.queries.running import Running, Stored, current, defined, forget, in_force, stored, versions
from evenhand.desk.rules.queries.saved import SavedQuery, saved_queries
from evenhand.desk.rules.queries.watched import Watched, watched

__all__ = [
    "Failed",
    "Fired",
    "Life",
    "Mark",
    "Running",
    "SavedQuery",
    "Stored",
    "Watched",
    "capped",
    "current",
    "defined",
    "failed",
    "forget",
    "hits",
    "in_force",
    "life_of",
    "lives",
    "manual_labels",
    "of_entities",
    "recent",
    "saved_queries",
    "series",
    "step_backs",
    "stored",
    "totals",
    "versions",
    "watched",
]
