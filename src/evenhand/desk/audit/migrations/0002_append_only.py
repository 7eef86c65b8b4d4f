"""From here on the database itself refuses to change or to forget the ledger."""

from django.db import migrations

from evenhand.desk.audit import triggers


def create(apps, editor):
    for statement in triggers.create(editor.connection.vendor):
        editor.execute(statement, None)


def drop(apps, editor):
    for statement in triggers.drop(editor.connection.vendor):
        editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
