"""Reviews: decisions that wait for an administrator."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Account, Organization
from printmgmt.people.models.person import PrintUser


class ReviewKind(models.TextChoices):
    LINK = "link", _("Link a known person to the directory")
    DIRECTORY = "directory", _("Managed by another directory")
    CARD_HELD = "card-held", _("Someone else has the card")
    REHIRE = "rehire", _("May be someone who left")


class ReviewState(models.TextChoices):
    OPEN = "open", _("Open")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Rejected")
    CLOSED = "closed", _("Closed")


class ReviewAnswer(models.TextChoices):
    """Why a review was closed without a decision, and what is left to do."""

    LEFT = "left", _("The person was removed in the meantime.")
    SAME = "same-person", _("The person was merged with someone else.")
    LINKED = "linked", _("The person is now managed by a directory.")
    OWNER = "owner", _("No other directory manages the person any more.")
    UNINSTALLED = "uninstalled", _("The add-on that asked was uninstalled.")
    CARD_THERE = "card-there", _("The person already has the card.")
    CARD_FREE = (
        "card-free",
        _(
            "Nobody has the card any more. Provision the person on demand in the directory to assign it, "
            "or add it on the person's page."
        ),
    )
    NOBODY_LEFT = "nobody-left", _("None of those who left can still be this person.")


class ReviewItem(models.Model):
    """A decision that waits for an administrator. ``key`` prevents a second open row for the same decision.

    A closed row needs no decision any more; ``answer`` is the reason.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="review_items")
    kind = models.CharField(max_length=12, choices=ReviewKind.choices)
    key = models.CharField(max_length=200)
    person = models.ForeignKey(PrintUser, models.CASCADE, null=True, blank=True, related_name="review_items")
    source = models.CharField(_("source"), max_length=120)
    request_id = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.OPEN)
    answer = models.CharField(max_length=12, choices=ReviewAnswer.choices, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("review item")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "key"], condition=Q(state="open"), name="review_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state="closed") & ~Q(answer="") | ~Q(state="closed") & Q(answer=""),
                name="review_closed_with_answer",
            ),
        ]
        indexes = [models.Index(fields=["organization", "state", "-created_at"], name="review_queue")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
