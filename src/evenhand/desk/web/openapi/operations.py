"""All operations of the API, of every room."""

from __future__ import annotations

from evenhand.desk.cases import api as cases
from evenhand.desk.dueprocess import api as dueprocess
from evenhand.desk.enforcement import api as enforcement
from evenhand.desk.intake.api.v1 import table as v1
from evenhand.desk.intake.api.v2 import table as v2
from evenhand.desk.media import api as media
from evenhand.desk.media import taking

OPERATIONS = (
    *v1.OPERATIONS,
    *v2.OPERATIONS,
    *cases.OPERATIONS,
    *enforcement.OPERATIONS,
    *dueprocess.OPERATIONS,
    *media.OPERATIONS,
    *taking.OPERATIONS,
)
