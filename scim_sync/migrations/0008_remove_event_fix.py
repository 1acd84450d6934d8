"""What to do is looked up when an event is shown, in the reader's language."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("scim_sync", "0007_scim_user_other_emails")]

    operations = [migrations.RemoveField(model_name="provisioningevent", name="fix")]
