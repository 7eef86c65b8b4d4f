from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enforcement', '0004_overturned'),
    ]

    operations = [
        migrations.RenameField(model_name='hold', old_name='rule', new_name='name'),
        migrations.AddField(
            model_name='hold',
            name='cause',
            field=models.CharField(choices=[('rule', 'Rule'), ('media', 'Bank')], db_default='rule', default='rule', max_length=8),
        ),
        migrations.AlterField(
            model_name='hold',
            name='end',
            field=models.CharField(choices=[('decided', 'Decided'), ('released', 'Released'), ('expired', 'Expired'), ('withdrawn', 'Withdrawn')], default='', max_length=10),
        ),
    ]
