"""Phase 3: sets the manager of a user after both exist."""

from dataclasses import dataclass

from scim_sync.rehearsal import bodies
from scim_sync.rehearsal.answers import Failure
from scim_sync.rehearsal.bodies import Difference
from scim_sync.rehearsal.client import Client
from scim_sync.rehearsal.directory import User
from scim_sync.rehearsal.links import Links
from scim_sync.rehearsal.log import Outcome
from scim_sync.rehearsal.scoping import NotEquals, absence
from scim_sync.rehearsal.targets import Target
from scim_sync.rehearsal.users import Result


@dataclass(frozen=True)
class ManagerSync:
    """Sets the manager of one user at a time, unless it is set already."""

    client: Client
    target: Target
    clauses: tuple[NotEquals, ...]
    links: Links

    def process(self, user: User) -> Result | None:
        """Return None when nothing was sent: the manager is set already, or one of the two is not linked."""
        link, manager = self.links.get(user.object_id), self.links.get(user.manager_id)
        if link is None or manager is None or absence(user, self.clauses) is not None:
            return None
        try:
            if self.client.find_users({"id": link.target_id, "manager": manager.target_id}, attributes="id"):
                return None
            # Recorded requests have the bare id, not an object.
            difference = Difference("Add", self.target, manager.target_id)
            self.client.patch_user(link.target_id, bodies.patch([difference], flag=self.client.flag))
        except Failure as failure:
            return Result(Outcome.FAILED, failure.code, f"manager: {failure.reason}")
        return Result(Outcome.UPDATED)
