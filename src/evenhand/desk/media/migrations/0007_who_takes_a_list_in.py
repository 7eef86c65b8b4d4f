"""A lease on a list names the process that holds it: killed, it leaves the list free at once."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('media', '0006_refused_opinions'),
    ]

    operations = [
        migrations.AddField(
            model_name='source',
            name='leased_by',
            field=models.CharField(blank=True, default='', max_length=128),
        ),
    ]
