"""What the numbers of an answer mean: one table for HTTP, one for IPP."""

from django.utils.translation import gettext_lazy as _

from printmgmt.printing.ipp import errors
from printmgmt.printing.ipp.errors import IppError

# RFC 8011 Appendix B, and IANA's registry for 0x0409 and up. What is not here is decided by its hundred.
_IPP: dict[int, type[IppError]] = {
    0x0401: errors.Forbidden,  # client-error-forbidden
    0x0402: errors.LoginRequired,  # client-error-not-authenticated
    0x0403: errors.Forbidden,  # client-error-not-authorized
    0x0404: errors.NotPossible,  # client-error-not-possible
    0x0405: errors.NotNow,  # client-error-timeout
    0x0406: errors.Gone,  # client-error-not-found
    0x0407: errors.Gone,  # client-error-gone
    0x0501: errors.NotSupported,  # server-error-operation-not-supported
    0x0503: errors.NotSupported,  # server-error-version-not-supported
    0x0509: errors.NotSupported,  # server-error-multiple-document-jobs-not-supported
}

_SENTENCES = {
    0x0405: _("The print server waited too long for the request."),
    0x0500: _("The print server reports an error of its own."),
    0x0506: _("The queue does not accept jobs now."),
    0x0507: _("The print server is busy."),
}


def error_of_ipp(code: int, *, asked: str, message: str = "") -> IppError | None:
    """Return what this status of an IPP answer is, or None for success.

    `asked` is the operation, `message` what the server says about it; both only for the log.
    """
    technical = f"{asked}: status {code:#06x} {message}".rstrip()
    if code <= 0x00FF:
        return None
    kind = _IPP.get(code)
    if kind is None:
        # 0x0100–0x03ff would be information and redirection, which no operation of ours has.
        kind = {0x04: errors.Refused, 0x05: errors.NotNow}.get(code >> 8, errors.BadAnswer)
    return kind(_SENTENCES.get(code, ""), technical=technical)


def error_of_http(status: int, *, asked: str, with_login: bool) -> IppError | None:
    """Return what this HTTP status is, or None for 200. No redirect is followed: the login would go along."""
    technical = f"{asked}: HTTP {status}"
    if status == 200:
        return None
    if status == 400:
        return errors.UnknownName(technical=technical)
    if status == 401:
        kind = errors.WrongLogin if with_login else errors.LoginRequired
        return kind(technical=technical)
    if status == 403:
        return errors.Forbidden(technical=technical)
    if status == 426:
        return errors.Refused(
            _("The print server wants an encrypted connection. Use an address that starts with ipps://."),
            technical=technical,
        )
    if status in (408, 429) or status >= 500:
        return errors.NotNow(_("The print server is overloaded or not ready."), technical=technical)
    if status in (404, 405):
        return errors.NotSupported(
            _("No print server of this kind answers at this address."), technical=technical
        )
    if 300 <= status < 400:
        return errors.BadAnswer(_("The print server redirects to another address."), technical=technical)
    return errors.BadAnswer(_("No print server answers at this address."), technical=technical)
