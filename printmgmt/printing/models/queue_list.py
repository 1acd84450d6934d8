"""What the console changed in the list of names of a queue."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QueueList(models.Model):
    """The names in the list of one queue that are the console's: nothing else is ever taken back.

    ``place`` is the server: its ``address_key``, so that organizations that share a server share the row, or
    its id where it has none. ``added`` are names that the console put into a denied list, ``taken`` those
    it took out of an allowed list, ``sentinel`` whether it put in the name that keeps one from being empty.
    The row is saved before the server is asked to write, so that a worker that dies leaves nothing unknown.
    ``digest`` is of all names that the queues of the place were last made to refuse; blank from before a
    write until all queues were looked at.
    """

    place = models.CharField(max_length=300)
    queue = models.CharField(max_length=200)
    added = models.JSONField(default=list)
    taken = models.JSONField(default=list)
    sentinel = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("list of a queue")
        constraints = [models.UniqueConstraint(fields=["place", "queue"], name="queue_list_once")]

    def __str__(self) -> str:
        return self.queue
