from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("scim_sync", "0008_remove_event_fix")]

    operations = [migrations.RemoveField(model_name="contact", name="reads")]
