"""One user in one cycle: match, then create, update, disable or delete, sending only what differs."""

from dataclasses import dataclass
from typing import Any

from scim_sync.rehearsal import bodies
from scim_sync.rehearsal.answers import Failure
from scim_sync.rehearsal.bodies import Difference, Verb
from scim_sync.rehearsal.client import Client
from scim_sync.rehearsal.directory import User
from scim_sync.rehearsal.links import Link, Links
from scim_sync.rehearsal.log import Outcome
from scim_sync.rehearsal.mappings import Mapping
from scim_sync.rehearsal.scoping import Absence, NotEquals, absence


@dataclass(frozen=True)
class Result:
    """The outcome of an object. `code` and `reason` explain a skip or a failure."""

    outcome: Outcome
    code: str = ""
    reason: str = ""


REDUNDANT = Result(Outcome.SKIPPED, "RedundantExport", "the application has these values already")


@dataclass(frozen=True)
class UserSync:
    """Synchronizes one user at a time. Thread-safe for different users."""

    client: Client
    mapping: Mapping
    clauses: tuple[NotEquals, ...]
    links: Links

    def process(self, user: User) -> Result:
        """Send the requests for a user and update the link. A failed request is returned as a result."""
        try:
            return self._process(user)
        except Failure as failure:
            return Result(Outcome.FAILED, failure.code, failure.reason)

    def _process(self, user: User) -> Result:
        link = self.links.get(user.object_id)
        why = absence(user, self.clauses)
        if user.purged:
            if link is not None and link.managed:
                return self._delete(user, link)
            self.links.pop(user.object_id, None)
            return Result(Outcome.SKIPPED, "NotManaged", "purged, and no longer managed by this job")
        if why is None:
            return self._provision(user, link)
        if link is None:
            return Result(Outcome.SKIPPED, "NotInScope", why)
        if not self.mapping.soft_delete:
            return self._delete(user, link)
        return self._disable(link, why)

    def _provision(self, user: User, link: Link | None) -> Result:
        if link is None:
            matchers = [(row.target.path, row.source(user)) for row in self.mapping.matchers]
            matchers = [(path, value) for path, value in matchers if value]
            if not matchers:
                return Result(Outcome.SKIPPED, "MandatoryFieldsMissing", "no matching attribute has a value")
            link = self._match(user, matchers)
        if link is None:
            resource = self.client.create_user(bodies.post(user, self.mapping))
            self.links[user.object_id] = Link(resource["id"])
            return Result(Outcome.CREATED)
        link.managed = True
        differences = self._differences(user, self._read(link))
        if not differences:
            return REDUNDANT
        self._patch(link, differences)
        return Result(Outcome.UPDATED)

    def _match(self, user: User, matchers: list[tuple[str, str]]) -> Link | None:
        for path, value in matchers:
            found = self.client.find_users({path: value})
            if len(found) > 1:
                raise Failure("DuplicateTargetEntries", f"{len(found)} users have {path} {value}")
            if found:
                return self.links.setdefault(user.object_id, Link(found[0]["id"]))
        return None

    def _disable(self, link: Link, why: Absence) -> Result:
        if why.is_scope:
            link.managed = False
        active = self.mapping.active
        if active is None:
            return Result(Outcome.SKIPPED, "NotMapped", "active is not mapped")
        if str(active.target.read(self._read(link))).casefold() == "false":
            return REDUNDANT
        self._patch(link, [Difference("Replace", active.target, "False")])
        return Result(Outcome.DISABLED)

    def _delete(self, user: User, link: Link) -> Result:
        self.client.delete_user(link.target_id)
        del self.links[user.object_id]
        return Result(Outcome.DELETED)

    def _differences(self, user: User, resource: dict[str, Any]) -> list[Difference]:
        differences = []
        for row in self.mapping.values:
            wanted, there = row.source(user), row.target.read(resource)
            if row is self.mapping.active and there is not None:
                there = str(there).capitalize()
            # A value emptied in Entra is never sent: the application keeps the old one.
            if wanted and wanted != there:
                verb: Verb = "Add" if there in (None, "") else "Replace"
                differences.append(Difference(verb, row.target, wanted))
        return differences

    def _read(self, link: Link) -> dict[str, Any]:
        resource = self.client.read_user(link.target_id)
        manager = self.mapping.manager and self.mapping.manager.target.read(resource)
        if manager is not None and not isinstance(manager, dict):
            raise Failure("ServiceIncompatible", "manager is not an object with a value")
        return resource

    def _patch(self, link: Link, differences: list[Difference]) -> None:
        self.client.patch_user(link.target_id, bodies.patch(differences, flag=self.client.flag))
