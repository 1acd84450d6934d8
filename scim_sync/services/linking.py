"""Links between the directory and people or groups that exist in the console already."""

from printmgmt.people.models import PrintUser, ReviewItem, ReviewKind, ReviewState
from scim_sync.adapters.groups import GroupAdapter
from scim_sync.adapters.users import UserAdapter
from scim_sync.credentials.calls import Call
from scim_sync.preferences import Linking, preferences_of
from scim_sync.protocol.errors import Uniqueness, shown
from scim_sync.provisioning_log.reasons import Reason


class Taken(Uniqueness):
    """The user name is taken, and not by a person who could be linked; ``reason`` says by whom."""

    def __init__(self, detail: str, *, reason: Reason) -> None:
        super().__init__(detail)
        self.reason = reason


class LinkRefused(Uniqueness):
    """The person exists in the console and the setting ``linking`` does not allow the link."""

    def __init__(self, detail: str, *, person: PrintUser, review: bool) -> None:
        super().__init__(detail)
        self.person = person
        self.review = review


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


def propose_link(call: Call, refused: LinkRefused, values: dict[str, str]) -> None:
    """Make a review item of a refused link. Call it after the refused write was rolled back.

    ``values`` are what it would have set on the person (`proposed_values`). Entra repeats the write every
    cycle: an open item takes the new values, and a link that was refused makes no further item.
    """
    same = {
        "organization": call.organization,
        "kind": ReviewKind.LINK,
        "key": str(refused.person.pk),
    }
    source = call.installation.source
    if ReviewItem.objects.filter(**same, source=source, state=ReviewState.REFUSED).exists():
        return
    item, made = ReviewItem.objects.get_or_create(
        **same,
        state=ReviewState.OPEN,
        defaults={
            "person": refused.person,
            "source": source,
            "request_id": call.request_id,
            "details": {"user_name": refused.person.user_name, "proposed": values},
        },
    )
    if not made:
        item.details["proposed"] = item.details.get("proposed", {}) | values
        item.request_id = call.request_id
        item.save(update_fields=["details", "request_id"])
