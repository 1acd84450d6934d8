"""Mails about installations, each once: to owners and administrators, and to whom the settings name."""

from collections.abc import Collection

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from addons.addresses import address_of
from addons.base import Health, addon_by_slug
from addons.disposition import Disposition
from addons.models import Installation, Uninstallation, Watch
from addons.names import full_name_of, name_of, place_of
from printmgmt.mail.kinds import NotNeeded
from printmgmt.mail.models import Mail
from printmgmt.mail.one_line import one_line
from printmgmt.mail.outbox import post
from printmgmt.organizations.notices import Notice
from printmgmt.work.kinds import WorkError


class InstallationMail(Notice):
    """A mail about the installation that ``about`` names; also sent to the address in its settings."""

    def also(self, mail: Mail) -> Collection[str]:
        address = installation_of(mail).settings.get("notification_address")
        return [address] if address else []


def post_about(installation: Installation, kind: str, *, key: str, **about: str) -> None:
    """Order a mail of a subclass of InstallationMail, once for each ``key``."""
    about = {"installation": str(installation.pk), **about}
    post(kind, about=about, organization=installation.organization_id, key=key)


def installation_of(mail: Mail) -> Installation:
    """The installation a mail is about, uninstalled ones too. Raises NotNeeded when the row is gone."""
    rows = Installation.objects.select_related("organization")
    installation = rows.filter(pk=mail.about["installation"]).first()
    if installation is None:
        raise NotNeeded
    return installation


def words(subject: str, *paragraphs: str) -> tuple[str, str]:
    """Subject and text of a mail; each paragraph on one line, whatever names stand in it."""
    return one_line(subject), "\n\n".join([*map(one_line, paragraphs), ""])


def details_url(installation: Installation) -> str:
    """The add-on's page, for a mail."""
    return f"{settings.PUBLIC_URL}{address_of(installation)}"


class HealthMail(InstallationMail):
    """What is wrong, under the health's headline; or, where it has none, that the add-on works again.

    The text is made when it is sent. It is not sent if the watch has ordered another mail since.
    """

    name = "addons.health"

    def compose(self, mail: Mail) -> tuple[str, str]:
        installation = installation_of(mail)
        condition = mail.about["condition"]
        watch = Watch.objects.filter(installation=installation, condition=condition).first()
        config = addon_by_slug(installation.slug)
        if watch is None or watch.since.isoformat() != mail.about["since"] or config is None:
            raise NotNeeded
        health = config.bind(installation).health()
        if condition != (health.condition if health.headline else ""):
            raise WorkError("its health is changing", permanent=False)
        return _of_health(installation, health)


class UninstalledMail(InstallationMail):
    """That an uninstalled add-on's people have all had their turn."""

    name = "addons.uninstalled"

    def compose(self, mail: Mail) -> tuple[str, str]:
        rows = Uninstallation.objects.select_related("installation__organization")
        return _of_uninstalled(rows.get(pk=mail.about["installation"]))


def _of_health(installation: Installation, health: Health) -> tuple[str, str]:
    names = {"organization": installation.organization, "addon": name_of(installation)}
    subject = (
        f"{place_of(installation)}: {health.headline}"
        if health.headline
        else _("%(organization)s: %(addon)s is working again") % names
    )
    paragraphs = [str(text) for text in (health.message, health.advice) if text]
    about = _("Details of %(addon)s:") % {"addon": full_name_of(installation)}
    return words(subject, *paragraphs, about, details_url(installation))


def _of_uninstalled(uninstallation: Uninstallation) -> tuple[str, str]:
    installation, number = uninstallation.installation, uninstallation.done
    names = {"organization": installation.organization, "addon": name_of(installation), "number": number}
    if uninstallation.people == Disposition.SUSPEND:
        text = ngettext(
            "%(addon)s was uninstalled. Access ended for the %(number)d person it added, who is now "
            "suspended.",
            "%(addon)s was uninstalled. Access ended for the %(number)d people it added, who are now "
            "suspended.",
            number,
        )
    else:
        text = ngettext(
            "%(addon)s was uninstalled. Access ended for the %(number)d person it added, who is now removed.",
            "%(addon)s was uninstalled. Access ended for the %(number)d people it added, who are now "
            "removed.",
            number,
        )
    where = {"organization": installation.organization.slug, "addon": installation.slug}
    learn_more = reverse("addons:learn_more", kwargs=where)
    left = len(uninstallation.failed)
    failed = ngettext(
        "Access could not be ended for %(left)d person. See the dashboard for who it is and what to do.",
        "Access could not be ended for %(left)d people. See the dashboard for who they are and what to do.",
        left,
    )
    return words(
        _("%(organization)s: %(addon)s was uninstalled") % names,
        text % names,
        *([failed % {"left": left}] if left else []),
        _("Its activity, and what happened to the people it added:"),
        f"{settings.PUBLIC_URL}{learn_more}",
    )
