"""What can go wrong with a print server. The class says what to do about it, the text says it to a person."""

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise


class IppError(Exception):
    """A print server could not be asked, or did not do it.

    `str(error)` is a sentence in the language of the reader; `technical` is for logs: operation, status
    code, and the server's own words. Neither has a login in it.
    """

    sentence: StrPromise | str = _("The print server did not do what the console asked.")

    def __init__(self, sentence: StrPromise | str = "", *, technical: str = "") -> None:
        super().__init__(sentence)
        if sentence:
            self.sentence = sentence
        self.technical = technical

    def __str__(self) -> str:
        return str(self.sentence)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.technical!r})"


class NotNow(IppError):
    """Offline, refused, timed out, too slow or busy. Try again later."""

    sentence = _("The print server cannot be reached now.")


class Forbidden(IppError):
    """The server does not allow this to us. Trying again changes nothing."""

    sentence = _("The print server does not allow this.")


class WrongLogin(Forbidden):
    """The server does not accept the user name and password (HTTP 401)."""

    sentence = _("The print server does not accept this user name and password.")


class LoginRequired(Forbidden):
    """The server asks for a password, and the request had none (HTTP 401)."""


class Gone(IppError):
    """There is no such job or queue, or no longer."""

    sentence = _("The print server does not have this job or queue.")


class NotPossible(IppError):
    """The state of the job or queue forbids it: cancel what is finished, submit where too many jobs wait."""

    sentence = _("The job or queue is in a state that does not permit this.")


class NotSupported(IppError):
    """The server does not know this operation."""

    sentence = _("The print server does not support this.")


class Refused(IppError):
    """The server did not accept the request, for another reason."""

    sentence = _("The print server refused the request.")


class UnknownName(Refused):
    """HTTP 400: CUPS does not know itself by the name it was called by."""

    sentence = _(
        "The print server does not accept the host name in its address. Add "
        "“ServerAlias” with this name to its cupsd.conf."
    )


class UnsafeName(Refused):
    """We do not send this: a name has a control character, is empty or is too long.

    CUPS up to 2.4.2 writes a line break in a name into printers.conf as it is, so that a name can become a
    setting.
    """

    sentence = _("This name has characters that must not be sent to a print server, or is empty or too long.")


class BadAnswer(IppError):
    """The answer is malformed, cut off, endless, a redirect, not IPP at all, or contradicts itself."""

    sentence = _("The console cannot make sense of the print server's answer.")


class UnsafeConnection(IppError):
    """We do not send a password without encryption, except to this machine itself."""

    sentence = _("The password would be sent without encryption. Use an address that starts with ipps://.")


class UntrustedCertificate(IppError):
    """The server's certificate is signed by nobody we trust, or is another one than was confirmed.

    `fingerprint` is the SHA-256 of the certificate that was shown, in hexadecimal; empty if it could not be
    read.
    """

    sentence = _("The print server's certificate is not trusted.")

    def __init__(
        self, sentence: StrPromise | str = "", *, technical: str = "", fingerprint: str = ""
    ) -> None:
        super().__init__(sentence, technical=technical)
        self.fingerprint = fingerprint
