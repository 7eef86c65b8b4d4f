from django.db import migrations, models

RENUMBER = "UPDATE cases_case SET lane = %s WHERE lane = %s"


class Migration(migrations.Migration):
    """A lane between the critical and the normal one: what was normal (1) is 2."""

    dependencies = [
        ('cases', '0002_wanted'),
    ]

    operations = [
        migrations.RunSQL([(RENUMBER, [2, 1])], [(RENUMBER, [1, 2])]),
        migrations.AlterField(
            model_name='case',
            name='lane',
            field=models.SmallIntegerField(default=2),
        ),
    ]
