"""An opinion that its list's owner refuses waits for a person, who chooses among the reasons that the owner takes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("media", "0005_scans_of_the_archive"),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="reasons",
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="feedback",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "Proposed"),
                    ("confirmed", "Confirmed"),
                    ("sent", "Sent"),
                    ("failed", "Failed"),
                    ("refused", "Refused"),
                    ("dropped", "Dropped"),
                ],
                default="proposed",
                max_length=9,
            ),
        ),
    ]
