# Indexes for the filters of the provisioning log; what health is learned from and compared with.

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('addons', '0002_initial'),
        ('people', '0001_initial'),
        ('scim_sync', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('silence', models.DurationField()),
            ],
            options={
                'verbose_name': 'visit',
            },
        ),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('condition', models.CharField(max_length=20)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('recovered', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'watch',
            },
        ),
        migrations.AddField(
            model_name='provisioningevent',
            name='subject_key',
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddIndex(
            model_name='provisioningevent',
            index=models.Index(fields=['installation', 'action', '-last_at', '-id'], name='event_by_action'),
        ),
        migrations.AddIndex(
            model_name='provisioningevent',
            index=models.Index(fields=['installation', 'status', '-last_at', '-id'], name='event_by_status'),
        ),
        migrations.AddIndex(
            model_name='provisioningevent',
            index=models.Index(fields=['installation', 'request_id'], name='event_of_request'),
        ),
        migrations.AddIndex(
            model_name='provisioningevent',
            index=models.Index(condition=models.Q(('person__isnull', True)), fields=['installation', '-last_at', '-id'], name='event_of_nobody'),
        ),
        migrations.AddField(
            model_name='visit',
            name='installation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='addons.installation'),
        ),
        migrations.AddField(
            model_name='watch',
            name='installation',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='watch', to='addons.installation'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(fields=['installation', '-began_at'], name='visit_newest'),
        ),
    ]
