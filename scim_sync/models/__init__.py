"""The tables of the add-on, a file for each subject."""

from scim_sync.models.clients import ScimClient, ScimClientSecret
from scim_sync.models.contact import FULL_SHARE, Contact, Visit
from scim_sync.models.events import (
    NOT_LISTED,
    OF_GROUPS,
    Action,
    ProvisioningEvent,
    ProvisioningEventBody,
    ProvisioningEventCounter,
    Result,
)
from scim_sync.models.hints import MappingHints
from scim_sync.models.links import ScimGroup, ScimUser
from scim_sync.models.slots import SLOTS
from scim_sync.models.tokens import EXPIRES_SOON, ScimToken, TokenKind
from scim_sync.models.trusts import (
    LONGEST_TEXT,
    FederatedTrust,
    KeysTrouble,
    SigningKeys,
    TrustRefusal,
)

__all__ = [
    "EXPIRES_SOON",
    "FULL_SHARE",
    "LONGEST_TEXT",
    "NOT_LISTED",
    "OF_GROUPS",
    "SLOTS",
    "Action",
    "Contact",
    "FederatedTrust",
    "KeysTrouble",
    "MappingHints",
    "ProvisioningEvent",
    "ProvisioningEventBody",
    "ProvisioningEventCounter",
    "Result",
    "ScimClient",
    "ScimClientSecret",
    "ScimGroup",
    "ScimToken",
    "ScimUser",
    "SigningKeys",
    "TokenKind",
    "TrustRefusal",
    "Visit",
]
