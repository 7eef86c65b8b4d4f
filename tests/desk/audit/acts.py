"""Acts for these tests, and the thief: somebody who owns the database and takes the triggers away first."""

from django.db import connection, transaction

from evenhand.desk.audit import triggers
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import Draft, record_all

REASON = "three links to the same shop, says Ada"


def decide(count, *, payload=True):
    """Record that many decisions, in one transaction; the number of the first."""
    drafts = [
        Draft(
            act=Act.DECISION,
            actor="user:calm-otter",
            obj=f"case:{number}",
            payload={"reason": REASON, "number": number} if payload else None,
            policy_version=3,
        )
        for number in range(count)
    ]
    with transaction.atomic():
        return record_all(drafts).start


def run(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)


def steal(statement, *parameters):
    """Run a statement that the triggers forbid."""
    for dropped in triggers.drop(connection.vendor):
        run(dropped)
    run(statement, *parameters)
