"""People of before: who was active then comes back without being asked for a seat, what was typed is noted.

It was not written who had been active; whoever is, or has left or come back, counts as such. Nor was it
written who said an address: those of the console's own people count as typed.
"""

from contextlib import suppress

from django.db import migrations
from django.db.models import F, Q

from printmgmt.organizations.email_addresses import InvalidAddress, normal_address

CONSOLE = "console"
CHUNK = 1000


def note_first_active(apps, schema_editor):
    people = apps.get_model("people", "PrintUser").objects.filter(first_active_at__isnull=True)
    people.filter(Q(state="active") | Q(epoch__gt=0)).update(first_active_at=F("created_at"))


def note_typed(apps, schema_editor):
    people = apps.get_model("people", "PrintUser").objects
    own = people.filter(source=CONSOLE, typed_addresses=[]).only("user_name", "work_email")
    chunk = []
    for person in own.iterator(chunk_size=CHUNK):
        if typed := sorted(_addresses(person)):
            person.typed_addresses = typed
            chunk.append(person)
        if len(chunk) == CHUNK:
            people.bulk_update(chunk, ["typed_addresses"])
            chunk = []
    people.bulk_update(chunk, ["typed_addresses"])


def _addresses(person):
    found = set()
    for text in (person.user_name, person.work_email):
        with suppress(InvalidAddress):
            found.add(normal_address(text))
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_group_tombstones"),
    ]

    operations = [
        migrations.RunPython(note_first_active, migrations.RunPython.noop),
        migrations.RunPython(note_typed, migrations.RunPython.noop),
    ]
