"""What is kept of the lists of a server that the console no longer manages."""

from printmgmt.printing.models import QueueList, RefusedNames
from printmgmt.printing.queue_access.forms import fold
from printmgmt.printing.queue_access.holders import nobodys


def forget_nobodys_names(place: str) -> None:
    """Forget names that nobody has any more, at a server that was removed from the console.

    The others are kept, so that they are still ours if the server is added again.
    """
    left = False
    for row in QueueList.objects.filter(place=place):
        gone = nobodys(place, [*row.added, *row.taken])
        row.added = [name for name in row.added if fold(name) not in gone]
        row.taken = [name for name in row.taken if fold(name) not in gone]
        if row.added or row.taken:
            left = True
            if gone:
                row.save(update_fields=["added", "taken"])
        else:
            row.delete()
    if left:
        RefusedNames.objects.filter(place=place).update(
            names=[], perhaps=[], sweep_names=[], sweep_perhaps=[]
        )
    else:
        RefusedNames.objects.filter(place=place).delete()
