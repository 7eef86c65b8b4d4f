from django.conf import settings
from django.db import migrations, models

import evenhand.desk.fields


class Migration(migrations.Migration):
    """Media views end at the latest one interval after their page was last heard of, and tell how they ended."""

    dependencies = [
        ('cases', '0003_three_lanes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='mediaview',
            name='heard_at',
            field=evenhand.desk.fields.InstantField(null=True),
        ),
        migrations.AddField(
            model_name='mediaview',
            name='ending',
            field=models.CharField(blank=True, choices=[('closed', 'Closed'), ('silent', 'Silent'), ('unheard', 'Unheard')], default='', max_length=8),
        ),
        migrations.RunSQL(
            "UPDATE cases_mediaview SET ending = 'closed' WHERE closed_at IS NOT NULL", migrations.RunSQL.noop
        ),
        migrations.AddIndex(
            model_name='mediaview',
            index=models.Index(fields=['case', 'opened_at'], name='media_view_by_case'),
        ),
        migrations.AddIndex(
            model_name='mediaview',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['heard_at'], name='media_view_open'),
        ),
    ]
