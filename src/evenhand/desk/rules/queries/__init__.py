"""What can be asked about rules: the project in force, lives, hits, labels."""

from evenhand.desk.rules.queries.hits import Fired, hits, totals
from evenhand.desk.rules.queries.labels import Mark, manual_labels, of_entities, recent
from evenhand.desk.rules.queries.lives import life_of, lives
from evenhand.desk.rules.queries.running import Running, Stored, current, forget, stored, versions

__all__ = [
    "Fired",
    "Mark",
    "Running",
    "Stored",
    "current",
    "forget",
    "hits",
    "life_of",
    "lives",
    "manual_labels",
    "of_entities",
    "recent",
    "stored",
    "totals",
    "versions",
]
