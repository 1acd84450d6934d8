"""The keys of departments, employee numbers and languages that were written before there were any."""

from django.db import migrations

from printmgmt.people.names import name_key

FIELDS = ("department", "employee_number", "preferred_language")
CHUNK = 1000


def fold(apps, schema_editor):
    people = apps.get_model("people", "PrintUser").objects
    given = people.exclude(department="", employee_number="", preferred_language="").only(*FIELDS)
    chunk = []
    for person in given.iterator(chunk_size=CHUNK):
        for field in FIELDS:
            setattr(person, f"{field}_key", name_key(getattr(person, field)))
        chunk.append(person)
        if len(chunk) == CHUNK:
            people.bulk_update(chunk, [f"{field}_key" for field in FIELDS])
            chunk = []
    people.bulk_update(chunk, [f"{field}_key" for field in FIELDS])


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0003_person_text_keys"),
    ]

    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
