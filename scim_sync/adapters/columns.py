"""What may be filtered, and where it is kept."""

from typing import Final

from scim_sync.protocol.filters import Column, Kind
from scim_sync.protocol.schemas import ENTERPRISE_USER

# What may be filtered, and where it is. `link` is the relation of `people_of`.
FILTER_COLUMNS: Final = {
    "id": Column("id", Kind.UUID),
    "username": Column("user_name_key"),
    "displayname": Column("display_name_key"),
    "externalid": Column("link__external_id", case_exact=True),
    "active": Column("active", Kind.BOOLEAN),
    "emails.value": Column("work_email_key"),
    'emails[type eq "work"].value': Column("work_email_key"),
    f"{ENTERPRISE_USER}:manager.value".lower(): Column("link__manager", case_exact=True),
}
