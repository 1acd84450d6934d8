"""Words the protocol's tests share."""

import unicodedata

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PRINTMGMT = "urn:ietf:params:scim:schemas:extension:printmgmt:2.0:User"


def comparison_key(text: str) -> str:
    """The key function of people, as the protocol is given it."""
    return unicodedata.normalize("NFKC", text).casefold()
