"""A scan goes by what it asked of the archive. One that goes on from before begins again: nothing is told twice."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('media', '0004_media_and_voices'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='retroscan',
            name='position',
        ),
        migrations.AddField(
            model_name='retroscan',
            name='done',
            field=models.JSONField(default=dict),
        ),
        migrations.RunSQL(
            'UPDATE media_retroscan SET looked = 0 WHERE ended_at IS NULL', migrations.RunSQL.noop
        ),
    ]
