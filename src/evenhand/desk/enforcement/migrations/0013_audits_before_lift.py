"""Until now high scores were audited no more often than others; from now on four times as often (`evidence.LIFT`)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("enforcement", "0012_audit_reference"),
    ]

    operations = [
        migrations.RunSQL("UPDATE enforcement_audit SET reference = 0.0125", migrations.RunSQL.noop),
    ]
