"""Which credential a request of the provisioning log came with, of all ways to connect."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.db.models import TextField, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from addons.models import Installation
from scim_sync.console.ways import LOOKS
from scim_sync.credentials.ways import CLIENT_CREDENTIALS, FEDERATION, SECRET_TOKEN
from scim_sync.models import ProvisioningEvent, ScimClientSecret, ScimToken

OF_TOKEN, OF_CLIENT, OF_TRUST = "", "client-", "trust-"
"""Before the id of a secret token, client secret or trust, in the filter's values."""


def way_of(token: ScimToken) -> str | Promise:
    """The way to connect that a token belongs to; an access token that of what it was given for."""
    if token.trust_id is not None:
        return LOOKS[FEDERATION].label
    return LOOKS[SECRET_TOKEN if token.client_secret_id is None else CLIENT_CREDENTIALS].label


def caller(event: ProvisioningEvent) -> str:
    """Way to connect and label in one line; empty where the request had no token of ours."""
    if event.token is None:
        return ""
    return f"{way_of(event.token)}: {Truncator(event.token).chars(40)}"


def short_caller(event: ProvisioningEvent) -> str | Promise:
    """What a list has room for: the label; of a trust, which has none, the way to connect."""
    if event.token is not None and event.token.trust_id is not None:
        return way_of(event.token)
    return Truncator(event.token or "").chars(40)


def credentials_to_choose(installation: Installation) -> Iterator[tuple[str, str]]:
    """Value and label of all that was ever created to connect, the newest first; one query.

    Requests that came with an access token are found by the client secret or the trust that it was given for.
    """
    tokens = installation.tokens.secrets()
    secrets = ScimClientSecret.objects.filter(client__installation=installation)
    rows = [
        _rows(tokens, OF_TOKEN, "label", "prefix", "issued_at"),
        _rows(secrets, OF_CLIENT, "label", "prefix", "issued_at"),
        _rows(installation.trusts.all(), OF_TRUST, "subject", Value(""), "added_at"),
    ]
    for mark, pk, label, prefix, _at in rows[0].union(*rows[1:], all=True).order_by("-issued_at"):
        shown = Truncator(label or prefix).chars(30)
        name = f"{shown} ({prefix})" if prefix else shown
        yield f"{mark}{UUID(pk) if mark == OF_TRUST else pk}", _NAMES[mark]() % {"name": name}


def came_with(events: Any, chosen: str) -> Any:
    """Those of ``events`` that came with the credential of this value."""
    if chosen.startswith(OF_TRUST):
        return events.filter(token__trust=UUID(chosen.removeprefix(OF_TRUST)))
    if chosen.startswith(OF_CLIENT):
        return events.filter(token__client_secret=chosen.removeprefix(OF_CLIENT))
    return events.filter(token=chosen)


_NAMES: Final = {
    OF_TOKEN: lambda: _("Secret token: %(name)s"),
    OF_CLIENT: lambda: _("Client secret: %(name)s"),
    OF_TRUST: lambda: _("Federation: %(name)s"),
}


def _rows(made: Any, mark: str, label: str, prefix: Any, made_at: str) -> Any:
    return made.annotate(
        mark=Value(mark),
        key=Cast("pk", TextField()),
        name=Cast(label, TextField()),
        start=Cast(prefix, TextField()),
    ).values_list("mark", "key", "name", "start", made_at)
