"""Links between the directory and people or groups that exist in the console already."""

from addons.models import Installation
from addons.names import name_of
from addons.others import owner_beside
from printmgmt.people.models import PrintUser, ReviewKind
from scim_sync.adapters.groups import GroupAdapter
from scim_sync.adapters.users import UserAdapter
from scim_sync.preferences import Linking, preferences_of
from scim_sync.protocol.errors import Uniqueness, shown
from scim_sync.provisioning_log.reasons import Reason


class Taken(Uniqueness):
    """The user name is taken, and not by a person who could be linked; ``reason`` says by whom."""

    def __init__(self, detail: str, *, reason: Reason) -> None:
        super().__init__(detail)
        self.reason = reason


class LinkRefused(Uniqueness):
    """The person exists in the console and the setting ``linking`` does not allow the link.

    ``review`` says whether an administrator is asked, by an item of ``kind``.
    """

    kind = ReviewKind.LINK

    def __init__(self, detail: str, *, person: PrintUser, review: bool) -> None:
        super().__init__(detail)
        self.person = person
        self.review = review


class ManagedElsewhere(LinkRefused):
    """Another directory of the organization, ``owner``, manages the person (ADR 41)."""

    kind = ReviewKind.DIRECTORY
    reason = Reason.OTHER_DIRECTORY

    def __init__(self, person: PrintUser, owner: Installation, *, review: bool) -> None:
        detail = f"userName: the directory {name_of(owner)!r} manages the person {person.user_name!r}"
        if review:
            detail += "; an administrator can decide in the console which of the two does"
        super().__init__(detail, person=person, review=review)
        self.owner = owner


def check_owner(adapter: UserAdapter) -> None:
    """Raise ManagedElsewhere if another present directory of the organization manages the person.

    Call with the person locked: by then it is decided whose they are.
    """
    installation, person = adapter.call.installation, adapter.obj
    owner = owner_beside(installation, person.source)
    if owner is not None:
        asks = preferences_of(installation).linking != Linking.REFUSE
        raise ManagedElsewhere(person, owner, review=asks)


def check_linking(adapter: UserAdapter, *, external_id: str = "") -> None:
    """Raise LinkRefused unless the installation links people the console knows already.

    Someone whom the directory deleted and the console brought back may be another one than it means now:
    with another ``external_id`` an administrator decides in any case.
    """
    linking = preferences_of(adapter.call.installation).linking
    is_another = bool(external_id and adapter.known_as and external_id != adapter.known_as)
    if linking == Linking.LINK and not is_another:
        return
    name = adapter.obj.user_name
    if linking == Linking.LINK:
        detail = (
            f"userName: {name!r} belongs to a person who had the externalId {shown(adapter.known_as)}; "
            "an administrator must approve the link in the console"
        )
    elif linking == Linking.REVIEW:
        detail = f"userName: {name!r} is known to the console; an administrator must approve the link there"
    else:
        detail = f"userName: {name!r} belongs to a person of the console who is not synchronized"
    raise LinkRefused(detail, person=adapter.obj, review=linking != Linking.REFUSE)


def check_group_linking(adapter: GroupAdapter) -> None:
    """Raise Uniqueness unless the installation links groups the console knows already.

    A group gives no access, so there is no review of groups: the setting "review" is about people.
    """
    if preferences_of(adapter.call.installation).linking == Linking.REFUSE:
        name = adapter.obj.display_name
        raise Uniqueness(f"displayName: {name!r} belongs to a group of the console that is not synchronized")
