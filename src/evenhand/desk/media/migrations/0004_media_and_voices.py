import django.db.models.deletion
import evenhand.desk.fields
from django.db import migrations, models

_ONCE = (
    "UPDATE media_source SET {outcome} = (SELECT count(*) FROM (SELECT DISTINCT m.item_type, m.item_id, m.field, e.key"
    " FROM media_match m JOIN media_entry e ON e.id = m.entry_id"
    " WHERE e.source_id = media_source.id AND m.outcome = '{outcome}') AS media)"
)
"""A list's record counted each hash of a medium; it counts a listed medium of an item's field once."""


class Migration(migrations.Migration):

    dependencies = [
        ('media', '0003_lists_and_tallies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Alike',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('share', models.FloatField(null=True)),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='media.source')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='media.source')),
            ],
        ),
        migrations.AddConstraint(
            model_name='alike',
            constraint=models.UniqueConstraint(fields=('one', 'other'), name='alike_once'),
        ),
        migrations.AddField(
            model_name='source',
            name='compared_at',
            field=evenhand.desk.fields.InstantField(null=True),
        ),
        migrations.RemoveConstraint(
            model_name='match',
            name='match_once',
        ),
        migrations.AddField(
            model_name='match',
            name='medium',
            field=models.CharField(blank=True, db_default='', default='', max_length=32),
        ),
        migrations.AddField(
            model_name='seen',
            name='medium',
            field=models.CharField(blank=True, db_default='', default='', max_length=32),
        ),
        migrations.AlterField(
            model_name='look',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('fetching', 'Fetching'), ('hashed', 'Hashed'), ('undecodable', 'Undecodable'), ('unreachable', 'Unreachable'), ('gone', 'Gone'), ('given', 'Given')], default='waiting', max_length=11),
        ),
        migrations.AddIndex(
            model_name='match',
            index=models.Index(fields=['medium'], name='match_by_medium'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.UniqueConstraint(fields=('item_type', 'item_id', 'field', 'medium', 'entry'), name='match_once'),
        ),
        migrations.RunSQL([_ONCE.format(outcome='upheld'), _ONCE.format(outcome='dismissed')], migrations.RunSQL.noop),
    ]
