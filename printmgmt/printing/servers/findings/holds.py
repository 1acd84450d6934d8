"""Who can undo a hold, and the block that leaves it to operators."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from printmgmt.printing.servers.findings.finding import DANGER, GOOD, Finding, queues_words, sections_words
from printmgmt.printing.servers.probe.found import PolicyFound, Right, Who

BLOCK: Final = """\
  <Limit Hold-Job Release-Job Restart-Job Set-Job-Attributes CUPS-Move-Job CUPS-Authenticate-Job>
    AuthType Default
    Require user @SYSTEM
    Order deny,allow
  </Limit>
"""
"""Leaves what undoes a hold to operators with their password. Tried on CUPS 2.4.2 and 2.4.20."""

_WEAKEST_FIRST: Final = (
    (Who.STRANGER, Who.ANY_LOGIN),
    (Who.OWNER, Who.OWNER_LOGIN),
    (Who.OPERATOR_NAME, Who.ROOT_NAME),
)
_RIGHTS: Final = {
    Right.RELEASE: gettext_lazy("release it"),
    Right.MOVE: gettext_lazy("move it to another queue"),
    Right.CHANGE: gettext_lazy("change its settings"),
    Right.HOLD: gettext_lazy("hold it until a time of their choice"),
    Right.RESTART: gettext_lazy("print it again after it was canceled"),
    Right.AUTHENTICATE: gettext_lazy("start it by authenticating it"),
}


def of_holds(policies: Sequence[PolicyFound]) -> Iterator[Finding]:
    """Yield who can undo a hold, the weakest who can, and where nobody can."""
    undone: dict[tuple[int, tuple[Right, ...]], list[PolicyFound]] = {}
    for policy in policies:
        for number, who in enumerate(_WEAKEST_FIRST):
            if opened := policy.open_to(*who):
                undone.setdefault((number, tuple(opened)), []).append(policy)
                break
    for (number, rights), alike in sorted(undone.items()):
        title, text = _words()[number]
        yield Finding(
            "hold-undone",
            DANGER,
            title,
            text % {"queues": queues_words(alike), "rights": rights_words(rights)},
            block=BLOCK,
            where=_("Put this first inside %(sections)s:") % {"sections": sections_words(alike)},
        )
    if kept := [policy for policy in policies if policy.holds_stay]:
        yield Finding(
            "holds-stay",
            GOOD,
            _("A held job stays held"),
            _("On %(queues)s, only an operator with the password can release or move a held job.")
            % {"queues": queues_words(kept)},
        )


def _words() -> tuple[tuple[str, str], ...]:
    """Title and text for each of `_WEAKEST_FIRST`."""
    return (
        (
            _("Anyone can undo a hold"),
            _("On %(queues)s, anyone can take a held job and %(rights)s."),
        ),
        (
            _("People can undo a hold on their own jobs"),
            _(
                "On %(queues)s, the owner of a held job can %(rights)s. If someone leaves, holding their "
                "jobs does not keep them from being printed."
            ),
        ),
        (
            _("The operator's name is enough to undo a hold"),
            _(
                "On %(queues)s, anyone who states the name of an operator can take a held job and "
                "%(rights)s, without the password."
            ),
        ),
    )


def rights_words(rights: Iterable[Right]) -> str:
    """Return what is done by who has these rights: "release it or move it to another queue"."""
    return get_text_list([str(_RIGHTS[right]) for right in rights], _("or"))
