from django.db import migrations, models

COUNTED = """
UPDATE cases_casereport SET counted = (SELECT c.outcome FROM cases_case c WHERE c.id = cases_casereport.case_id)
WHERE case_id IN (SELECT id FROM cases_case WHERE kind = 'review' AND state = 'closed' AND outcome <> '')
AND id IN (SELECT min(id) FROM cases_casereport GROUP BY case_id, reporter)
"""
TALLIES = """
INSERT INTO cases_reportertally (reporter, policy, upheld, dismissed)
SELECT reporter, coalesce(policy, ''), sum(CASE WHEN counted = 'upheld' THEN 1 ELSE 0 END),
sum(CASE WHEN counted = 'dismissed' THEN 1 ELSE 0 END)
FROM cases_casereport WHERE counted <> '' GROUP BY reporter, coalesce(policy, '')
"""


class Migration(migrations.Migration):
    """The records of reporters, one for each policy: counted anew from the reports of decided cases."""

    dependencies = [
        ('cases', '0005_clusters'),
    ]

    operations = [
        migrations.AddField(
            model_name='casereport',
            name='counted',
            field=models.CharField(blank=True, db_default='', default='', max_length=9),
        ),
        migrations.DeleteModel(name='ReporterTally'),
        migrations.CreateModel(
            name='ReporterTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reporter', models.CharField(max_length=700)),
                ('policy', models.CharField(blank=True, default='', max_length=128)),
                ('upheld', models.IntegerField(default=0)),
                ('dismissed', models.IntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('reporter', 'policy'), name='reporter_tally_once')],
            },
        ),
        migrations.RunSQL(COUNTED, migrations.RunSQL.noop),
        migrations.RunSQL(TALLIES, migrations.RunSQL.noop),
    ]
