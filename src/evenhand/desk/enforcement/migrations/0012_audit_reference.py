"""How likely an audit would have been, had it counted in full: until now the same for all policies."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enforcement", "0011_holds_by_people"),
    ]

    operations = [
        migrations.AddField(
            model_name="audit",
            name="reference",
            field=models.FloatField(db_default=0.05, default=0.05),
        ),
    ]
