from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rules', '0002_saved_query'),
    ]

    operations = [
        migrations.AddField(
            model_name='hits',
            name='failed',
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name='hits',
            name='error',
            field=models.TextField(default=''),
        ),
    ]
