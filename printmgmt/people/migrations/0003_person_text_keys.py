from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_person_merged_into'),
    ]

    operations = [
        migrations.AddField(
            model_name='printuser',
            name='department_key',
            field=models.TextField(blank=True, default='', editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='printuser',
            name='employee_number_key',
            field=models.TextField(blank=True, default='', editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='printuser',
            name='preferred_language_key',
            field=models.TextField(blank=True, default='', editable=False),
            preserve_default=False,
        ),
    ]
