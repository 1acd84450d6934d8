"""An index of the e-mails that are not the work address: most people have none, so it costs next to nothing.

PostgreSQL only; SQLite has no index over the elements of a list.
"""

from django.db import migrations

CREATE = """
CREATE INDEX scim_user_other_emails ON scim_sync_scimuser
USING gin ((folded -> 'emails') jsonb_path_ops) WHERE jsonb_path_exists(folded, '$.emails[*].value')
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX scim_user_other_emails")


class Migration(migrations.Migration):

    dependencies = [
        ("scim_sync", "0006_delete_watch"),
    ]

    operations = [migrations.RunPython(create, drop)]
