"""Verifies receipts by the keys of the settings alone: no database, so it tells nothing but the answer."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from printmgmt.deprovisioning.receipts.body import KIND
from printmgmt.deprovisioning.receipts.canonical import NotCanonical, canonical, read_json
from printmgmt.deprovisioning.receipts.files import FIELDS
from printmgmt.deprovisioning.receipts.keys import is_signed
from printmgmt.deprovisioning.receipts.personal import personal_digest


@dataclass(frozen=True)
class Verdict:
    """Whether a file is valid, and why not (``problems``: codes). The rest is only given if it is."""

    valid: bool
    problems: tuple[str, ...] = ()
    key_id: str = ""
    run: str = ""
    organization: str = ""
    versions: tuple[int, ...] = ()
    has_names: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The verdict as a JSON object."""
        return asdict(self)

    @property
    def sentences(self) -> list[str]:
        """Why the file is not valid, in words."""
        return [problem_words(problem) for problem in self.problems]


def problem_words(problem: str) -> str:
    """Return what is wrong, in a sentence."""
    return {
        "not-json": _("This is not JSON that a receipt can contain."),
        "not-a-receipt": _("This is not a receipt: fields are missing, or there are others."),
        "digest": _("The content was changed after it was signed."),
        "unknown-key": _("The receipt names a key that this console does not have."),
        "signature": _("The signature is not that of the key it names."),
        "personal": _("Names or other personal data were changed after they were signed."),
        "chain": _("A version is missing, repeated or out of order."),
    }[problem]


def verify_text(text: str | bytes) -> Verdict:
    """Verify a file: one receipt, or a list of all versions of one run, the first version first."""
    try:
        found = read_json(text)
    except NotCanonical:
        return Verdict(False, ("not-json",))
    receipts = found if isinstance(found, list) and found else [found]
    try:
        problems = tuple(dict.fromkeys(code for receipt in receipts for code in _problems(receipt)))
    except NotCanonical:
        return Verdict(False, ("not-json",))
    if not problems and not _is_chain(receipts, whole=isinstance(found, list)):
        problems = ("chain",)
    if problems:
        return Verdict(False, problems)
    last = receipts[-1]
    return Verdict(
        True,
        key_id=last["key_id"],
        run=last["body"]["run"],
        organization=last["body"]["organization"]["name"],
        versions=tuple(receipt["body"]["version"] for receipt in receipts),
        has_names=last["personal"] is not None,
    )


def _problems(receipt: Any) -> Iterator[str]:
    """Yield what is wrong with one receipt. Raises NotCanonical."""
    if not isinstance(receipt, dict) or set(receipt) != set(FIELDS) or not _has_types(receipt):
        yield "not-a-receipt"
        return
    message = canonical(receipt["body"])
    if hashlib.sha256(message).hexdigest() != receipt["digest"]:
        yield "digest"
    signed = is_signed(message, receipt["key_id"], receipt["signature"])
    if signed is None:
        yield "unknown-key"
    elif not signed:
        yield "signature"
    if not _is_personal_right(receipt):
        yield "personal"


def _has_types(receipt: dict[str, Any]) -> bool:
    body = receipt["body"]
    return (
        isinstance(body, dict)
        and body.get("kind") == KIND
        and all(isinstance(receipt[name], str) for name in ("digest", "key_id", "signature"))
    )


def _is_personal_right(receipt: dict[str, Any]) -> bool:
    """Whether names are those that were signed; those that were erased are, together with their salt."""
    personal, salt = receipt["personal"], receipt["salt"]
    if personal is None and salt is None:
        return True
    if not isinstance(personal, dict) or not isinstance(salt, str):
        return False
    try:
        raw = base64.b64decode(salt, validate=True)
    except ValueError:
        return False
    stated: object = receipt["body"].get("personal")
    return personal_digest(raw, personal) == stated


def _is_chain(receipts: list[dict[str, Any]], *, whole: bool) -> bool:
    """Whether these are the versions of one run in order, without a gap; ``whole``: from the first one."""
    bodies = [receipt["body"] for receipt in receipts]
    first = 1 if whole else bodies[0]["version"]
    if [body["version"] for body in bodies] != list(range(first, first + len(bodies))):
        return False
    if len({body["run"] for body in bodies}) > 1 or (first == 1) != (bodies[0]["previous"] is None):
        return False
    before = [receipt["digest"] for receipt in receipts[:-1]]
    return [body["previous"] for body in bodies[1:]] == before
