from django.db import migrations

TOLD = ("tokenless", "turned-away", "quiet", "failing")


def hand_over(apps, schema_editor):
    """What was told already is not told again."""
    there = apps.get_model("addons", "Watch")
    notices = apps.get_model("organizations", "Notice")
    for seen in apps.get_model("scim_sync", "Watch").objects.filter(condition__in=TOLD):
        there.objects.get_or_create(
            installation_id=seen.installation_id,
            defaults={"condition": seen.condition, "since": seen.since},
        )
        told = f"{seen.installation_id}:{seen.condition}:{seen.since.isoformat()}"
        notices.objects.filter(key=f"sync:{told}").update(key=f"health:{told}")


class Migration(migrations.Migration):

    dependencies = [
        ("addons", "0003_uninstallation_and_watch"),
        ("organizations", "0001_initial"),
        ("scim_sync", "0004_scimgroup_dropped_at"),
    ]

    operations = [migrations.RunPython(hand_over, migrations.RunPython.noop)]
