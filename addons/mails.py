"""Mails about installations, each once: to owners and administrators, and to whom the settings name."""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from addons.base import AddonConfig, Health, addon_by_slug
from addons.disposition import Disposition
from addons.models import Installation, Uninstallation
from printmgmt.organizations.notices import BeingSent, send_once
from printmgmt.organizations.one_line import one_line

log = structlog.get_logger(__name__)

Compose = Callable[[], tuple[str, str]]
"""Subject and text, asked for only when a mail is sent, in its reader's language and the organization's
time zone."""


def tell(installation: Installation, key: str, compose: Compose) -> bool:
    """Send unless ``key`` was sent; whether it is sent. What fails is for the caller's next round.

    An add-on's setting ``notification_address``, if it has one, is told as well.
    """
    address = installation.settings.get("notification_address")
    try:
        send_once(installation.organization, key, compose, also=[address] if address else [])
    except (BeingSent, OSError) as error:
        log.warning("the mail waits for the next round", notice=key, error=str(error))
        return False
    return True


def mail(subject: str, *paragraphs: str) -> tuple[str, str]:
    """Subject and text of a mail, for ``tell``; each paragraph on one line, whatever names stand in it."""
    return one_line(subject), "\n\n".join([*map(one_line, paragraphs), ""])


def details_url(installation: Installation) -> str:
    """The add-on's page, for a mail."""
    return _url("addons:details", installation)


def tell_of_health(installation: Installation, key: str, read: Callable[[], Health]) -> bool:
    """Tell what is wrong, under the health's headline; or, where it has none, that the add-on works again."""
    return tell(installation, key, lambda: _of_health(installation, read()))


def tell_of_uninstalled(uninstallation: Uninstallation) -> bool:
    """Tell that an uninstalled add-on's people have all had their turn."""
    key = f"uninstalled:{uninstallation.pk}"
    return tell(uninstallation.installation, key, lambda: _of_uninstalled(uninstallation))


def _of_health(installation: Installation, health: Health) -> tuple[str, str]:
    names = {"organization": installation.organization, "addon": _name(installation)}
    subject = (
        f"{installation.organization}: {health.headline}"
        if health.headline
        else _("%(organization)s: %(addon)s works again") % names
    )
    said = [str(text) for text in (health.message, health.advice) if text]
    return mail(subject, *said, _("More about it:"), details_url(installation))


def _of_uninstalled(uninstallation: Uninstallation) -> tuple[str, str]:
    installation, number = uninstallation.installation, uninstallation.done
    names = {"organization": installation.organization, "addon": _name(installation), "number": number}
    if uninstallation.people == Disposition.SUSPEND:
        text = ngettext(
            "%(addon)s was uninstalled. The %(number)d person it brought is suspended: access has ended.",
            "%(addon)s was uninstalled. The %(number)d people it brought are suspended: access has ended.",
            number,
        )
    else:
        text = ngettext(
            "%(addon)s was uninstalled. The %(number)d person it brought is removed: access has ended.",
            "%(addon)s was uninstalled. The %(number)d people it brought are removed: access has ended.",
            number,
        )
    left = len(uninstallation.failed)
    failed = ngettext(
        "The access of %(left)d person could not be ended. The dashboard says who it is and what to do.",
        "The access of %(left)d people could not be ended. The dashboard says who they are and what to do.",
        left,
    )
    return mail(
        _("%(organization)s: uninstalling %(addon)s is done") % names,
        text % names,
        *([failed % {"left": left}] if left else []),
        _("What it did, and what became of its people:"),
        _url("addons:learn_more", installation),
    )


def _name(installation: Installation) -> str:
    config: AddonConfig | None = addon_by_slug(installation.slug)
    return str(config.verbose_name) if config else installation.slug


def _url(name: str, installation: Installation) -> str:
    where = {"organization": installation.organization.slug, "addon": installation.slug}
    return f"{settings.PUBLIC_URL}{reverse(name, kwargs=where)}"
