"""Who prints: people and the names they print under, groups, credentials and devices."""

import uuid
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Account, Organization
from printmgmt.people.attributes import ATTRIBUTES
from printmgmt.people.names import name_key

CONSOLE = "console"
"""The ``source`` of what was made in the console itself."""


class PersonState(models.TextChoices):
    """What a person is to the printers. Held to the columns it follows from by a constraint."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    REMOVED = "removed", _("Removed")
    ANONYMISED = "anonymised", _("Anonymised")


LIVE_STATES = (PersonState.ACTIVE, PersonState.SUSPENDED)


class ShownState(models.TextChoices):
    """What a person's state is called where people read it: why it is so, too."""

    ACTIVE = "active", _("Active")
    ALLOWED = "allowed", _("Disabled in the directory, allowed here")
    SUSPENDED = "suspended", _("Suspended")
    BLOCKED = "blocked", _("Blocked")
    REMOVED = "removed", _("Removed")
    ANONYMISED = "anonymised", _("Anonymised")


BLOCKED = Q(state=PersonState.SUSPENDED, blocked_at__isnull=False)
ALLOWED = Q(state=PersonState.ACTIVE, allowed_at__isnull=False)

SHOWN_AS: dict[str, Q] = {
    # Whoever may print takes a seat and counts as active, whatever the directory says.
    ShownState.ACTIVE: Q(state=PersonState.ACTIVE),
    ShownState.ALLOWED: ALLOWED,
    ShownState.SUSPENDED: Q(state=PersonState.SUSPENDED, blocked_at__isnull=True),
    ShownState.BLOCKED: BLOCKED,
    ShownState.REMOVED: Q(state=PersonState.REMOVED),
    ShownState.ANONYMISED: Q(state=PersonState.ANONYMISED),
}
"""How the people of a `ShownState` are found; "active" finds those who are allowed, too."""


class PrintUserQuerySet(models.QuerySet["PrintUser"]):
    def of(self, organization: Organization) -> "PrintUserQuerySet":
        """People of one organization: the first filter of every query."""
        return self.filter(organization=organization)

    def live(self) -> "PrintUserQuerySet":
        """People who are not removed."""
        return self.filter(state__in=LIVE_STATES)

    def unmerged(self) -> "PrintUserQuerySet":
        """Rows that stand for somebody: neither another one's past nor without a name."""
        return self.filter(merged_into__isnull=True).exclude(state=PersonState.ANONYMISED)

    def matching(self, text: str) -> "PrintUserQuerySet":
        """People of whom an attribute that is searched contains ``text``, whatever its letter case."""
        key = name_key(text)
        searched = [attribute for attribute in ATTRIBUTES if attribute.searched]
        found = (Q(**{f"{attribute.key_column}__contains": key}) for attribute in searched)
        return self.filter(reduce(or_, found))


class PrintUser(models.Model):
    """A person who prints.

    ``active`` is the directory's word, ``blocked_at`` and ``allowed_at`` are ours, one at most; ``state``
    follows from them and from ``removed_at``/``anonymised_at``. ``version`` rises with every visible change
    (the ETag), ``epoch`` with every leaving and coming back. ``source`` says who owns the synced fields now,
    ``origin`` who made the person. Who has a ``first_active_at`` comes back without being asked for a seat.
    ``typed_addresses`` are those of its e-mail addresses that were typed in the console and no directory has
    said since (`people.addresses`). ``merged_into`` makes a removed row the past of another one: the same
    human, never two.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="people")

    # Attributes and their keys, as people/attributes.py lists them.
    user_name = models.TextField()
    user_name_key = models.TextField(editable=False)
    display_name = models.TextField(blank=True)
    display_name_key = models.TextField(editable=False, blank=True)
    work_email = models.TextField(blank=True)
    work_email_key = models.TextField(editable=False, blank=True)
    department = models.TextField(blank=True)
    department_key = models.TextField(editable=False, blank=True)
    employee_number = models.TextField(blank=True)
    employee_number_key = models.TextField(editable=False, blank=True)
    preferred_language = models.TextField(blank=True)
    preferred_language_key = models.TextField(editable=False, blank=True)

    active = models.BooleanField(_("active in the directory"), default=True)
    blocked_at = models.DateTimeField(_("blocked"), null=True, blank=True)
    allowed_at = models.DateTimeField(_("allowed"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    anonymised_at = models.DateTimeField(_("anonymised"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=PersonState.choices, default=PersonState.ACTIVE
    )
    state_since = models.DateTimeField(_("since"), default=timezone.now)
    first_active_at = models.DateTimeField(_("first active"), null=True, blank=True)
    legal_hold = models.BooleanField(_("legal hold"), default=False)
    typed_addresses = models.JSONField(default=list, editable=False, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("same person as")
    )

    origin = models.CharField(_("made by"), max_length=120, default=CONSOLE)
    source = models.CharField(_("source"), max_length=120, default=CONSOLE)
    version = models.PositiveIntegerField(default=1)
    epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = PrintUserQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user_name_key"],
                condition=Q(state__in=["active", "suspended"]),
                name="person_user_name_once",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        state="anonymised",
                        anonymised_at__isnull=False,
                        removed_at__isnull=False,
                        allowed_at__isnull=True,
                    )
                    | Q(
                        state="removed",
                        anonymised_at__isnull=True,
                        removed_at__isnull=False,
                        allowed_at__isnull=True,
                    )
                    | (
                        Q(
                            state="suspended",
                            anonymised_at__isnull=True,
                            removed_at__isnull=True,
                            allowed_at__isnull=True,
                        )
                        & (Q(active=False) | Q(blocked_at__isnull=False))
                    )
                    | (
                        Q(
                            state="active",
                            anonymised_at__isnull=True,
                            removed_at__isnull=True,
                            blocked_at__isnull=True,
                        )
                        # A permission stands only where it makes a difference.
                        & (
                            Q(active=True, allowed_at__isnull=True)
                            | Q(active=False, allowed_at__isnull=False)
                        )
                    )
                ),
                name="person_state_follows",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | (Q(removed_at__isnull=False) & ~Q(merged_into=models.F("id"))),
                name="person_merged_is_removed",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "created_at", "id"], name="person_listing"),
            models.Index(fields=["organization", "user_name_key"], name="person_user_name"),
            models.Index(fields=["organization", "display_name_key"], name="person_display_name"),
            models.Index(fields=["organization", "work_email_key"], name="person_work_email"),
            models.Index(fields=["organization", "state", "display_name_key", "id"], name="person_by_state"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.user_name

    @property
    def is_gone(self) -> bool:
        """Whether the person may use no printer: suspended, removed or anonymised."""
        return self.state != PersonState.ACTIVE

    @property
    def shown_state(self) -> ShownState:
        """The state as a reader sees it."""
        if self.state == PersonState.ACTIVE and self.allowed_at:
            return ShownState.ALLOWED
        if self.state == PersonState.SUSPENDED and self.blocked_at:
            return ShownState.BLOCKED
        return ShownState(self.state)

    @cached_property
    def merged_rows(self) -> list["PrintUser"]:
        """The rows that were found to be this person's, oldest first; asked once an instance."""
        return list(self.merged.order_by("created_at", "pk"))

    @property
    def row_ids(self) -> list[uuid.UUID]:
        """The ids under which this person's history stands: their own and those of the merged rows."""
        return [self.pk, *(row.pk for row in self.merged_rows)]


class PrintAlias(models.Model):
    """A name a person printed under, when, and who says so; a rename closes one and opens the next."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    person = models.ForeignKey(PrintUser, models.CASCADE, related_name="aliases")
    value = models.TextField(_("name"))
    value_key = models.TextField(editable=False)
    valid_from = models.DateTimeField(_("from"), default=timezone.now)
    valid_until = models.DateTimeField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=120, default=CONSOLE)

    class Meta:
        verbose_name = _("print name")
        verbose_name_plural = _("print names")
        ordering = ["valid_from", "id"]
        indexes = [models.Index(fields=["organization", "value_key"], name="alias_value")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="alias_from_before_until",
            )
        ]

    def __str__(self) -> str:
        return self.value


class PrintGroupQuerySet(models.QuerySet["PrintGroup"]):
    def of(self, organization: Organization) -> "PrintGroupQuerySet":
        """Groups of one organization: the first filter of every query."""
        return self.filter(organization=organization)

    def present(self) -> "PrintGroupQuerySet":
        """Groups that are not deleted."""
        return self.filter(removed_at__isnull=True)

    def removed(self) -> "PrintGroupQuerySet":
        """Deleted groups that are still kept, to come back."""
        return self.filter(removed_at__isnull=False)


class PrintGroup(models.Model):
    """People and groups under one name.

    A deleted group is kept as a tombstone until ``kept_until``; its ``source`` then says who deleted it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="groups")
    display_name = models.TextField(_("name"))
    display_name_key = models.TextField(editable=False)
    origin = models.CharField(_("made by"), max_length=120, default=CONSOLE)
    source = models.CharField(_("source"), max_length=120, default=CONSOLE)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)
    removed_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    kept_until = models.DateTimeField(_("kept until"), null=True, blank=True)

    objects = PrintGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "display_name_key"],
                condition=Q(removed_at__isnull=True),
                name="group_name_once",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, kept_until__isnull=True)
                | Q(removed_at__isnull=False, kept_until__isnull=False),
                name="group_removed_is_kept_until",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "created_at", "id"], name="group_listing"),
            models.Index(
                fields=["kept_until"], condition=Q(kept_until__isnull=False), name="group_to_be_erased"
            ),
            models.Index(
                fields=["organization", "display_name_key"],
                condition=Q(removed_at__isnull=False),
                name="group_tombstone_name",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name


class GroupMembershipQuerySet(models.QuerySet["GroupMembership"]):
    def present(self) -> "GroupMembershipQuerySet":
        """Rows of groups that are not deleted; those of a tombstone wait with it."""
        return self.filter(group__removed_at__isnull=True)


class GroupMembership(models.Model):
    """A person in a group, and who says so: rows of another source survive a directory's replace."""

    group = models.ForeignKey(PrintGroup, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(PrintUser, models.CASCADE, related_name="memberships")
    source = models.CharField(_("source"), max_length=120, default=CONSOLE)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = GroupMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        constraints = [
            models.UniqueConstraint(fields=["group", "person", "source"], name="membership_once"),
        ]
        indexes = [models.Index(fields=["person", "group"], name="membership_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.group_id}"


class GroupNestingQuerySet(models.QuerySet["GroupNesting"]):
    def present(self) -> "GroupNestingQuerySet":
        """Rows both of whose groups are not deleted."""
        return self.filter(parent__removed_at__isnull=True, child__removed_at__isnull=True)


class GroupNesting(models.Model):
    """A group in a group; the service refuses cycles."""

    parent = models.ForeignKey(PrintGroup, models.CASCADE, related_name="child_nestings")
    child = models.ForeignKey(PrintGroup, models.CASCADE, related_name="parent_nestings")
    source = models.CharField(_("source"), max_length=120, default=CONSOLE)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = GroupNestingQuerySet.as_manager()

    class Meta:
        verbose_name = _("nesting")
        constraints = [
            models.UniqueConstraint(fields=["parent", "child", "source"], name="nesting_once"),
            models.CheckConstraint(condition=~Q(parent=models.F("child")), name="nesting_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} in {self.parent_id}"


class CredentialKind(models.TextChoices):
    CARD = "card", _("Card")
    PIN = "pin", _("PIN")


LIVE_CREDENTIAL = Q(disabled_at__isnull=True, revoked_at__isnull=True)


class Credential(models.Model):
    """A card or a PIN as a keyed digest; the number itself can never be read again.

    ``disabled_at`` is reversible (the run ``disabled_by_run`` did it and undoing it enables again),
    ``revoked_at`` is not. ``last4`` is kept for cards only.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    person = models.ForeignKey(PrintUser, models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=4, choices=CredentialKind.choices)
    key_id = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    last4 = models.CharField(_("last four"), max_length=4, blank=True)
    source = models.CharField(_("source"), max_length=120, default=CONSOLE)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    disabled_at = models.DateTimeField(_("disabled"), null=True, blank=True)
    disabled_by_run = models.UUIDField(null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("credential")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "key_id", "digest"],
                condition=Q(kind="card") & LIVE_CREDENTIAL,
                name="card_held_once",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(kind="pin") & LIVE_CREDENTIAL, name="pin_once_a_person"
            ),
            models.CheckConstraint(condition=Q(kind="card") | Q(last4=""), name="pin_keeps_no_digits"),
        ]
        indexes = [models.Index(fields=["organization", "kind", "digest"], name="credential_lookup")]

    def __str__(self) -> str:
        return f"{self.kind} {self.last4}"


class Device(models.Model):
    """A person's enrolled client. Revoked is for ever: a person who comes back enrols anew.

    ``connected_since`` is set while the client holds a connection open.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    person = models.ForeignKey(PrintUser, models.CASCADE, related_name="devices")
    name = models.CharField(_("name"), max_length=200)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    enrolled_at = models.DateTimeField(_("enrolled"), default=timezone.now, editable=False)
    connected_since = models.DateTimeField(_("connected since"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by_run = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("device")
        ordering = ["enrolled_at", "id"]

    def __str__(self) -> str:
        return self.name


class ReviewKind(models.TextChoices):
    LINK = "link", _("Link a known person to the directory")
    CARD_HELD = "card-held", _("Card is held by someone else")
    REHIRE = "rehire", _("May be someone who left")


class ReviewState(models.TextChoices):
    OPEN = "open", _("Open")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    CLOSED = "closed", _("Closed")


class ReviewAnswer(models.TextChoices):
    """What answered a question that nobody had to decide any more, and what to do where something is left."""

    LEFT = "left", _("The person was removed meanwhile.")
    SAME = "same-person", _("The person was found to be the same as somebody else.")
    LINKED = "linked", _("The directory keeps the person in step by now.")
    UNINSTALLED = "uninstalled", _("The add-on that asked was removed.")
    CARD_THERE = "card-there", _("The person has the card by now.")
    CARD_FREE = (
        "card-free",
        _(
            "Nobody holds the card any more. Provision the person on demand in the directory to have it "
            "given, or add it on the person's page."
        ),
    )
    NOBODY_LEFT = "nobody-left", _("None of those who left can be this person any more.")


class ReviewItem(models.Model):
    """Something an administrator must decide. ``key`` keeps one open item a question.

    A closed one was answered by what happened meanwhile; ``answer`` says by what.
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
