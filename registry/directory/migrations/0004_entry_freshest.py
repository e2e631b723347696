from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_entry_held_by_centre")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["kind", "is_public", "-last_confirmed_at", "-id"], name="entry_freshest"
            ),
        ),
    ]
