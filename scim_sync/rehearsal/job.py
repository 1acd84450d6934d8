"""A provisioning job: Test Connection, an initial cycle over everything, then cycles over what changed."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from scim_sync.rehearsal.answers import Failure
from scim_sync.rehearsal.client import Client
from scim_sync.rehearsal.directory import Directory, Group, User
from scim_sync.rehearsal.groups import GroupMapping, GroupSync
from scim_sync.rehearsal.links import Links
from scim_sync.rehearsal.log import Entry, Outcome, ProvisioningLog
from scim_sync.rehearsal.managers import ManagerSync
from scim_sync.rehearsal.mappings import DEFAULT, Mapping
from scim_sync.rehearsal.scoping import NotEquals
from scim_sync.rehearsal.users import Result, UserSync

Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Ignore the progress of a cycle."""


class Job:
    """One directory pushed to one tenant URL.

    Links live as long as the job. `clauses` are the scoping filter, `workers` the users in flight. Groups are
    sent with a mapping of `groups`; users are not while `sends_users` is False, as in Azure's mappings.
    """

    def __init__(
        self,
        directory: Directory,
        client: Client,
        mapping: Mapping = DEFAULT,
        *,
        clauses: tuple[NotEquals, ...] = (),
        workers: int = 5,
        groups: GroupMapping | None = None,
    ) -> None:
        self.directory = directory
        self.client = client
        self.mapping = mapping
        self.clauses = clauses
        self.workers = workers
        self.log = ProvisioningLog()
        self.links: Links = {}
        self.sends_users = True
        self._groups = GroupSync(client, groups, self.links) if groups else None
        self.cycles = 0
        self._watermark = 0
        self._escrows: set[str] = set()

    def test_connection(self) -> None:
        """Ask for a user who cannot exist; raises Failure unless the answer is an empty ListResponse."""
        probe = {self.mapping.matchers[0].target.path: str(uuid4())}
        if self.client.find_users(probe):
            raise Failure("ServiceIncompatible", f"a random guid was found by {probe}")

    def initial_cycle(self, progress: Progress = silent) -> None:
        """Push every user; raises Failure when the connection test at its start fails."""
        self._cycle(self.directory, progress)

    def incremental_cycle(self, progress: Progress = silent) -> None:
        """Push the users changed since the last cycle began, and those that failed in it."""
        changed = {user.object_id for user in self.directory.changed_since(self._watermark)} | self._escrows
        self._cycle((user for user in self.directory if user.object_id in changed), progress)

    def restart(self, progress: Progress = silent) -> None:
        """Restart provisioning: everything again, links kept, and members who were left out before, too."""
        if self._groups:
            self._groups.sent.clear()
        self.initial_cycle(progress)

    def _cycle(self, users: Iterable[User], progress: Progress) -> None:
        try:
            self.test_connection()
            began_at = len(self.directory.log)
            self.cycles += 1
            results = self._push(list(users) if self.sends_users else [], progress)
            groups = self._push_groups()
            self._watermark = began_at
        finally:
            self.client.close()
        self._escrows = {user.object_id for user, result in results if result.outcome is Outcome.FAILED}
        named = [(user.object_id, user.get("userPrincipalName"), result) for user, result in results]
        named += [(group.object_id, group.display_name, result) for group, result in groups]
        for object_id, name, result in named:
            self.log.write(Entry(self.cycles, object_id, name, result.outcome, result.code, result.reason))

    def _push_groups(self) -> list[tuple[Group, Result]]:
        """All groups, then their members: a group may be a member of one that comes before it."""
        sync = self._groups
        if sync is None:
            return []
        groups = list(self.directory.groups.values())
        results = [sync.process(group) for group in groups]
        members = [sync.process_members(group) for group in groups]
        return [
            (group, together(result, of_members))
            for group, result, of_members in zip(groups, results, members, strict=True)
        ]

    def _push(self, work: list[User], progress: Progress) -> list[tuple[User, Result]]:
        """Users first, references afterwards: both ends must exist before one can name the other."""
        sync = UserSync(self.client, self.mapping, self.clauses, self.links)
        manager = self.mapping.manager
        referrers = [user for user in work if manager and user.manager_id]
        total = len(work) + len(referrers)
        results: dict[str, Result] = {}
        with ThreadPoolExecutor(self.workers) as pool:
            for done, (user, result) in enumerate(
                zip(work, pool.map(sync.process, work), strict=True), start=1
            ):
                results[user.object_id] = result
                progress(done, total)
            if manager:
                references = ManagerSync(self.client, manager.target, self.clauses, self.links)
                answers = zip(referrers, pool.map(references.process, referrers), strict=True)
                for done, (user, reference) in enumerate(answers, start=len(work) + 1):
                    results[user.object_id] = together(results[user.object_id], reference)
                    progress(done, total)
        return [(user, results[user.object_id]) for user in work]


def together(user: Result, reference: Result | None) -> Result:
    """Return the one result of an object that was written, and its references."""
    if reference is None or user.outcome is Outcome.FAILED:
        return user
    if reference.outcome is Outcome.FAILED or user.outcome is Outcome.SKIPPED:
        return reference
    return user
