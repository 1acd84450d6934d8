"""The adapter between a PrintUser with its link row and a SCIM User."""

from typing import Any

from django.utils import timezone

from printmgmt.deprovisioning import services as leaving
from printmgmt.people import services
from printmgmt.people.addresses import confirm_addresses
from printmgmt.people.digests import last_digits
from printmgmt.people.exceptions import CardTaken, InvalidName, PersonGone
from printmgmt.people.models import (
    PrintUser,
    ReviewAnswer,
    ReviewItem,
    ReviewKind,
)
from printmgmt.people.obsolete_reviews import close_reviews
from scim_sync.adapters.base import ResourceAdapter
from scim_sync.adapters.credentials import save_credential
from scim_sync.adapters.extending import changed_texts
from scim_sync.adapters.placement import folded, joined, placed
from scim_sync.adapters.reading_people import FORMER_NAMES, seen_of
from scim_sync.credentials.calls import Call
from scim_sync.credentials.tokens import tenant_url
from scim_sync.models import ScimUser
from scim_sync.protocol.differences import Difference
from scim_sync.protocol.extensions import Extension
from scim_sync.protocol.rendering import render
from scim_sync.protocol.schemas import PRINTMGMT_USER
from scim_sync.provisioning_log.reasons import Reason, Warned


class UserAdapter(ResourceAdapter):
    """The SCIM view of a person. ``obj`` is from `read_people`, or locked and passed to `see`, or is new.

    ``request`` is the Call. ``secret_changes`` are changes by `save` that no representation shows.
    """

    resource_type = "User"
    audited_as = "person"
    extensions: tuple[Extension, ...] = ()
    """Extension schemas of a host."""

    obj: PrintUser

    def __init__(self, obj: PrintUser, request: Call) -> None:
        super().__init__(obj, request)
        self._kept, self.former_names, self.groups = seen_of(obj)
        self.link = self._kept if self._kept and self._kept.dropped_at is None else None
        self.secret_changes: list[Difference] = []
        self._write_only: dict[str, str | None] = {}
        self._is_whole = True

    @property
    def known_as(self) -> str:
        """The externalId that the directory sent, even if it deleted the person since; "" if it sent none."""
        return self._kept.external_id if self._kept else ""

    def to_dict(self) -> dict[str, Any]:
        """Return the representation (RFC 7643 §4.1)."""
        person = self.obj
        resource = {"id": self.id, "meta": self.meta, **joined(person, self.link)}
        resource[PRINTMGMT_USER] = {
            **resource.get(PRINTMGMT_USER, {}),
            "printAliases": list(self.former_names),
        }
        base = tenant_url(self.call.installation)
        # A removed person is shown in no group, but is in all of them again after a restore.
        resource["groups"] = [
            {
                "value": group["value"],
                "$ref": f"{base}/Groups/{group['value']}",
                "display": group["display"],
                "type": "direct",
            }
            for group in (() if person.removed_at else self.groups)
        ]
        return render(resource)

    def from_dict(
        self, d: dict[str, Any], write_only: dict[str, str | None] | None = None, *, is_whole: bool = True
    ) -> None:
        """Set what `save` will write. Absent attributes are cleared.

        ``write_only`` and ``is_whole`` are as in `UserBody`.
        """
        self.wanted = d
        self._write_only = write_only or {}
        self._is_whole = is_whole

    def save(self) -> None:
        """Write the changes through the core's services, in the caller's transaction.

        A removed person is restored. Raises UserNameTaken, SeatLimitReached.
        """
        columns, link = placed(self.wanted)
        is_new = self.obj._state.adding
        active: bool | None = self.wanted.get("active")
        is_first = not is_new and self.link is None and self.obj.removed_at is None
        if is_new:
            self.obj = services.create_person(
                self.call.organization, by=self.call.actor, active=active is not False, **columns
            )
            self._save_link(link)
        else:
            comes_back = self.obj.removed_at is not None
            if comes_back:
                leaving.reattach(self.obj, by=self.call.actor, active=active is not False)
            raised = comes_back or self._turns(active)
            self._save_changes(columns, link, bump_version=not raised)
            # A PATCH has only what it changes, but being sent to this person it confirms the user name.
            confirm_addresses(self.obj, "user_name", *(["work_email"] if self._is_whole else []))
        # The first `active: false` matters even if nothing changes: it may end console access.
        if self._turns(active) or (is_first and active is False):
            self._follow(bool(active))
        self._save_credentials()

    def delete(self) -> None:
        """Delete the link and remove the person, who can still be restored in the console."""
        if self.link:
            self.link.dropped_at = timezone.now()
            self.link.manager, self.link.attributes, self.link.folded = "", {}, {}
            self.link.save()
            self.link = None
        leaving.remove(self.obj, by=self.call.actor, requested_at=self.call.received_at)

    def _save_changes(self, columns: dict[str, str], link: dict[str, Any], *, bump_version: bool) -> None:
        """Write what differs. The version increases once at most.

        Pass ``bump_version=False`` if another write of this request increases it.
        """
        person, actor = self.obj, self.call.actor
        is_first = person.source != actor.source
        person.source = actor.source  # the first write makes the directory the owner of the fields
        changes = services.update_person(person, columns, by=actor, bump_version=bump_version)
        if "user_name" in changes:
            names = FORMER_NAMES.filter(person=person).exclude(value_key=person.user_name_key)
            self.former_names = list(names.values_list("value", flat=True))  # the response shows the old name
        was_linked = self.link is not None
        texts = changed_texts(self.link.attributes if self.link else {}, link["attributes"])
        link_changed = self._save_link(link)
        if (is_first or link_changed) and not changes:
            if bump_version:
                person.version += 1
                person.updated_at = timezone.now()
            person.save(update_fields=["source", "version", "updated_at"])
        if is_first:
            self._record("person.linked")
        if texts:
            self._record("person.updated", changes=texts)
        if not was_linked:
            asked = [ReviewKind.LINK, ReviewKind.DIRECTORY]  # by any directory: this one has the person now
            reviews = ReviewItem.objects.filter(person=person, kind__in=asked)
            close_reviews(reviews, ReviewAnswer.LINKED, timezone.now())

    def _save_link(self, values: dict[str, Any]) -> bool:
        """Save the link if it differs; return whether it did. A directory's first write creates it."""
        if self.link is None:
            self.link = self._kept or ScimUser(installation=self.call.installation, person=self.obj)
            self.link.dropped_at = None
        elif all(getattr(self.link, name) == value for name, value in values.items()):
            return False
        for name, value in values.items():
            setattr(self.link, name, value)
        self.link.folded = folded(self.link.attributes)
        self.link.save()
        return True

    def _turns(self, active: bool | None) -> bool:
        """Whether ``active`` changes anything. False also ends a permission that the console gave."""
        if active is None:
            return False
        return active != self.obj.active or bool(not active and self.obj.allowed_at)

    def _follow(self, active: bool) -> None:
        """Suspend, reactivate or restore the person as ``active`` says."""
        if active:
            leaving.reactivate(self.obj, by=self.call.actor)
        else:
            leaving.suspend(self.obj, by=self.call.actor, requested_at=self.call.received_at)

    def _save_credentials(self) -> None:
        for path, value in self._write_only.items():
            try:
                change = save_credential(self.obj, path, value, self.call)
            except PersonGone:
                self._warn(Reason.NOT_ACTIVE, f"{path}: not set, the person is not active")
            except InvalidName:
                self._warn(Reason.BLANK, f"{path}: not set, it is blank")
            except CardTaken as error:
                holder = error.holder
                self._warn(Reason.CARD_HELD, f"{path}: not set, the person with id {holder} holds the card")
                self._ask_about_card(value or "", holder)
            else:
                self.secret_changes += [change] if change else []

    def _warn(self, reason: Reason, detail: str) -> None:
        self.warnings.append(Warned(reason, detail))

    def _ask_about_card(self, number: str, holder: object) -> None:
        last4 = last_digits(number)
        ReviewItem.objects.get_or_create(
            organization=self.call.organization,
            kind=ReviewKind.CARD_HELD,
            key=f"{self.obj.pk}:{last4}",
            state="open",
            defaults={
                "person": self.obj,
                "source": self.call.installation.source,
                "request_id": self.call.request_id,
                "details": {"last4": last4, "holder": str(holder or "")},
            },
        )
