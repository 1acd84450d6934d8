"""Mails to administrators, each in the language of its recipient."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import tzinfo

from django.conf import settings

from printmgmt.mail.kinds import MailKind, NotNeeded
from printmgmt.mail.models import Mail
from printmgmt.organizations.email_addresses import InvalidAddress, mail_address, normal_address
from printmgmt.organizations.language import LANGUAGES
from printmgmt.organizations.models import Organization
from printmgmt.organizations.moments import zone_of
from printmgmt.organizations.services import managers_to_notify


class Notice(MailKind):
    """A mail to the owners and administrators of the row's organization at the time of sending."""

    def also(self, mail: Mail) -> Collection[str]:
        """Return further addresses."""
        return ()

    def readers(self, mail: Mail) -> Mapping[str, list[str]]:
        """Return the addresses by language. Managers without a choice get the most frequent language."""
        managers = managers_to_notify(organization_of(mail))
        chosen = Counter(language for _address, language in managers if language in LANGUAGES)
        usual = chosen.most_common(1)[0][0] if chosen else settings.LANGUAGE_CODE
        readers: dict[str, list[str]] = defaultdict(list)
        for address, language in managers:
            readers[language if language in LANGUAGES else usual].append(address)
        further = _mailable(self.also(mail), known={address for address, _language in managers})
        if further:
            readers[usual] += further
        return readers

    def zone(self, mail: Mail) -> tzinfo:
        """Return the time zone of the organization."""
        return zone_of(organization_of(mail))


def organization_of(mail: Mail) -> Organization:
    """Return the organization of the row. Raises NotNeeded if it does not exist any more."""
    organization = mail.organization and Organization.objects.filter(pk=mail.organization).first()
    if not organization:
        raise NotNeeded
    return organization


def _mailable(addresses: Collection[str], *, known: set[str]) -> list[str]:
    """Return the valid addresses that are not ``known``; an invalid one must not stop the mail."""
    mailable = []
    for address in addresses:
        with suppress(InvalidAddress):
            if normal_address(address) not in known:
                mailable.append(mail_address(address))
    return mailable
