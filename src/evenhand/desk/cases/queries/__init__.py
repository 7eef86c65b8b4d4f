"""Everything that is asked of cases. One module for each asker's kind of question."""

from evenhand.desk.cases.models import Case

__all__ = ["Case"]
