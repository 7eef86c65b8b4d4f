"""How fast views come on the platform, fitted to its own counts."""

import evenhand.desk.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_search_inside_runs")]
    operations = [
        migrations.CreateModel(
            name="ViewFit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fitted_at", evenhand.desk.fields.InstantField()),
                ("half_life", models.BigIntegerField()),
                ("low", models.BigIntegerField()),
                ("high", models.BigIntegerField()),
                ("items", models.IntegerField()),
                ("in_force", models.BooleanField(default=False)),
            ],
        ),
    ]
