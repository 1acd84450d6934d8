from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("scim_sync", "0005_watch_moves_to_the_framework"),
    ]

    operations = [migrations.DeleteModel(name="Watch")]
