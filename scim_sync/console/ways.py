"""The ways to connect as the details page shows them: each with its words, its template and how it stands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from addons.models import Installation
from scim_sync.credentials.clients import token_endpoint
from scim_sync.credentials.ways import (
    CLIENT_CREDENTIALS,
    FEDERATION,
    SECRET_TOKEN,
    WAYS,
    Credential,
    Way,
    last_use,
)
from scim_sync.forms import ClientSecretForm, RotateForm


@dataclass(frozen=True)
class Look:
    """What a way is called, whom it suits, and the template of its values and Azure steps.

    ``facts`` returns, of an installation and what was created there, what the template gets besides ``way``;
    with ``off_at`` the way is switched off.
    """

    label: str | Promise
    summary: str | Promise
    template: str
    facts: Callable[[Installation, Sequence[Any]], Mapping[str, Any]]


def _client_facts(installation: Installation, made: Sequence[Any]) -> dict[str, Any]:
    client = made[0].client if made else None  # it is created with its first secret
    return {
        "client": client,
        "off_at": client.off_at if client else None,
        "token_endpoint": token_endpoint(installation),
        "form": ClientSecretForm(),
    }


LOOKS: Final[dict[str, Look]] = {
    SECRET_TOKEN: Look(
        _("Secret token"),
        _("One token that Azure sends with every request. The quickest to set up."),
        "scim_sync/ways/_secret_token.html",
        lambda _installation, _made: {"form": RotateForm()},
    ),
    CLIENT_CREDENTIALS: Look(
        _("Client credentials"),
        _("With a client secret Azure gets a new access token every hour. Requests carry only that token."),
        "scim_sync/ways/_client_credentials.html",
        _client_facts,
    ),
    FEDERATION: Look(
        _("Federation"),
        _("No secret at all: Entra proves who it is, and nothing can leak or expire. For Entra only."),
        "scim_sync/ways/_federation.html",
        lambda installation, _made: {"token_endpoint": token_endpoint(installation)},
    ),
}


@dataclass(frozen=True)
class ShownWay:
    """A way to connect in one installation: what was created for it, the newest first, and its facts."""

    way: Way
    look: Look
    made: Sequence[Credential]
    facts: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.way.name

    @property
    def live(self) -> int:
        """How many of its credentials open the installation now."""
        return sum(each.is_live for each in self.made)

    @property
    def is_off(self) -> bool:
        """Whether an administrator switched it off."""
        return self.facts.get("off_at") is not None

    @property
    def last_used_at(self) -> datetime | None:
        return last_use(self.made)


@dataclass(frozen=True)
class ShownWays:
    """All ways; ``open`` is the name of the one that is unfolded: the one in use, or else the first."""

    all: Sequence[ShownWay]

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever set up: the first secret token is then created by itself."""
        return not any(shown.made for shown in self.all)

    @property
    def open(self) -> str:
        live = [shown for shown in self.all if shown.live]
        used = [shown for shown in live if shown.last_used_at]
        in_use = max(used, key=lambda shown: shown.last_used_at or datetime.min, default=None)
        return next(iter([in_use] if in_use else [*live, *self.all])).name


def ways_of(installation: Installation) -> ShownWays:
    """The ways to connect of an installation, as they stand."""
    shown = []
    for way in WAYS:
        look, made = LOOKS[way.name], way.made(installation)
        shown.append(ShownWay(way, look, made, look.facts(installation, made)))
    return ShownWays(shown)
