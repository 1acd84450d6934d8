"""What the console changed in the lists of names of queues, and which names they all refuse."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ListKind(models.TextChoices):
    """Whose a list is to write."""

    QUEUE = "queue", _("queue")
    CLASS = "class", _("class")
    ELSEWHERE = "elsewhere", _("queue of another server")


class QueueList(models.Model):
    """The names in the list of one queue that are the console's: nothing else is ever undone.

    ``place`` is the server: its ``address_key``, so that organizations that share a server share the row, or
    its id where it has none. ``added`` are names that the console put into a denied list, ``taken`` those
    it took out of an allowed list, ``sentinel`` whether it put in the name that keeps one from being empty.
    The row is saved before the server is asked to write, so that a worker that dies leaves nothing unknown.
    ``digest`` is of all names that the queue was last made to refuse; blank from before a write until it was
    read again. ``sweep`` is the number of the sweep that last did so. ``read_at`` is when the list was last
    read. The others are what was seen then:
    ``has_groups`` whether the list names Unix groups, ``is_shared`` whether other machines may print there.
    """

    place = models.CharField(max_length=300)
    queue = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=ListKind.choices, default=ListKind.QUEUE)
    added = models.JSONField(default=list)
    taken = models.JSONField(default=list)
    sentinel = models.BooleanField(default=False)
    has_groups = models.BooleanField(default=False)
    is_shared = models.BooleanField(default=True)
    op_policy = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    sweep = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("list of a queue")
        constraints = [models.UniqueConstraint(fields=["place", "queue"], name="queue_list_once")]

    def __str__(self) -> str:
        return self.queue


class RefusedNames(models.Model):
    """The names that all queues of a server refuse; there is a row while any are to be.

    ``place`` as in `QueueList`; names as `queue_access.forms.fold` spells them: ``names`` are those that
    every queue refuses, ``perhaps`` others that some may refuse on our account. ``swept_at``: since when
    ``names`` and no others are refused; null while a sweep is not over. ``sweep`` is its number, or that of
    the last one; ``sweep_names`` and ``sweep_perhaps`` say the same of the queues that it has brought so
    far, which become those of all when it has reached the last one. ``checked_at`` is when someone last
    looked whether these are still the names to refuse.
    """

    place = models.CharField(max_length=300, unique=True)
    names = models.JSONField(default=list)
    perhaps = models.JSONField(default=list)
    sweep = models.PositiveIntegerField(default=0)
    sweep_names = models.JSONField(default=list)
    sweep_perhaps = models.JSONField(default=list)
    swept_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("names that a server refuses")

    def __str__(self) -> str:
        return self.place


def move_lists(old: str, new: str) -> None:
    """Note that a server is now called ``new``: what is ours in its lists stays ours.

    Not where another organization still has the server as ``old``, or had it as ``new`` before.
    """
    if QueueList.objects.filter(place=new).exists() or RefusedNames.objects.filter(place=new).exists():
        return
    QueueList.objects.filter(place=old).update(place=new)
    RefusedNames.objects.filter(place=old).update(place=new)
