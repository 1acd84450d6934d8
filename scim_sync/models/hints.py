"""What the provisioning log says of the mapping in Azure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from addons.models import Installation


class MappingHints(models.Model):
    """What was found out of one installation's log; see `monitoring.hints`, which writes and reads it.

    The event (``read_at``, ``read_id``) is the newest that was read. ``looked_at`` is when all of the log had
    been read, None while there is more. ``evidence`` counts signs, ``found`` has the hints that follow from
    them, and ``dismissed`` when an administrator dismissed one. A request never writes this row.
    """

    installation = models.OneToOneField(Installation, models.CASCADE, related_name="mapping_hints")
    read_at = models.DateTimeField(null=True, blank=True)
    read_id = models.PositiveBigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True, blank=True)
    evidence = models.JSONField(default=dict)
    found = models.JSONField(default=dict)
    dismissed = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("hints about the mapping")

    def __str__(self) -> str:
        return str(self.installation_id)
