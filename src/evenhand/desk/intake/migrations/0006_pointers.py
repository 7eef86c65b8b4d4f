"""What items point at, from their data: who is answered and named can be asked for."""

import msgspec
from django.db import migrations, models

from evenhand.desk.intake.reading.pointers import pointers
from evenhand.engine.model import Item

AT_ONCE = 1_000


def fill(apps, schema_editor):
    decode = msgspec.json.Decoder(Item).decode
    stored, pointer = apps.get_model("intake", "Item"), apps.get_model("intake", "Pointer")
    rows = []
    for data in stored.objects.order_by("id").values_list("data", flat=True).iterator(AT_ONCE):
        item = decode(data)
        rows += [
            pointer(item_type=item.ref.type, item_id=item.ref.id, field=field, to_type=to.type, to_id=to.id)
            for field, to in pointers(item)
        ]
        if len(rows) >= AT_ONCE:
            pointer.objects.bulk_create(rows)
            rows = []
    pointer.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("intake", "0005_view_fits")]

    operations = [
        migrations.CreateModel(
            name="Pointer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item_type", models.CharField(max_length=128)),
                ("item_id", models.CharField(max_length=512)),
                ("field", models.CharField(max_length=128)),
                ("to_type", models.CharField(max_length=128)),
                ("to_id", models.CharField(max_length=512)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["to_type", "to_id", "id"], name="pointer_to"),
                    models.Index(fields=["item_type", "item_id"], name="pointer_from"),
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
