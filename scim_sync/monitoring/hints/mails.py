"""The mail about a mapping because of which people who leave keep their access; sent once."""

from django.utils.translation import gettext as _

from addons.mails import InstallationMail, details_url, installation_of, post_about, words
from addons.models import Installation
from printmgmt.mail.kinds import NotNeeded
from printmgmt.mail.models import Mail
from scim_sync.models import MappingHints
from scim_sync.monitoring.hints.kinds import HintKind
from scim_sync.monitoring.hints.shown import shown_hints


def mail_hint(installation: Installation, kind: HintKind) -> None:
    """Mail about a hint: once, also if it goes away and comes back."""
    post_about(installation, HintMail.name, key=f"hint:{installation.pk}:{kind}", hint=kind.value)


class HintMail(InstallationMail):
    """What was seen and which line to change; not sent if the hint is gone or dismissed by then."""

    name = "scim_sync.hint"

    def compose(self, mail: Mail) -> tuple[str, str]:
        installation = installation_of(mail)
        row = MappingHints.objects.filter(installation=installation).first()
        hint = next((hint for hint in shown_hints(row) if hint.kind == mail.about["hint"]), None)
        if hint is None or hint.is_dismissed:
            raise NotNeeded
        said = hint.words
        line = f"{said.line.source} → {said.line.target}" if said.line else ""
        return words(
            _("%(organization)s: the mapping in Azure leaves access to people who leave")
            % {"organization": installation.organization},
            f"{said.title}. {hint.saw}",
            str(said.means),
            _("To change it, open the application in the Entra admin center:"),
            " › ".join(map(str, said.where)),
            *([line, str(said.line.settings)] if said.line else []),
            str(said.then),
            _("You will not be emailed about this again. Details:"),
            f"{details_url(installation)}#hints",
        )
