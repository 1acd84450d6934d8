"""Bearer tokens as text: how one is made, and how the row of a presented one is found."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from printmgmt.tokens.models import BearerToken

LONGEST = 200
"""Characters of a presented token; a longer one is not ours."""

Row = TypeVar("Row", bound=BearerToken)


class NewToken(NamedTuple):
    """A token just made: ``text`` is shown once, ``prefix`` and ``digest`` are kept."""

    text: str
    prefix: str
    digest: str


def new_token(mark: str) -> NewToken:
    """Make a token ``<mark>_<12 digits>_<64 digits>`` of 256 random bits, in hexadecimal.

    ``mark`` begins with "pm", so that the log masks it and secret scanners find a leaked one
    (``printmgmt.log_masking``). The underscore stays a separator, and a double click selects all of it.
    """
    prefix = f"{mark}_{secrets.token_hex(6)}"
    text = f"{prefix}_{secrets.token_hex(32)}"
    return NewToken(text, prefix, _digest(text))


def find_token(by_prefix: Callable[[str], Row | None], presented: str, *, mark: str) -> Row | None:
    """The row of a presented token, whether it is live or not; None where there is none.

    ``by_prefix`` is asked for the row with a prefix, and not at all when ``presented`` cannot be a token with
    this mark. It must not cache: a revoked token is refused from its next use on.
    """
    parts = presented.split("_")
    is_text = presented.isascii() and presented.isprintable()  # databases refuse NUL
    if len(presented) > LONGEST or len(parts) != 3 or parts[0] != mark or not is_text:
        return None
    row = by_prefix(f"{parts[0]}_{parts[1]}")
    # Compared on a miss, too: the time must not tell which prefixes exist.
    is_same = hmac.compare_digest(row.digest if row else "0" * 64, _digest(presented))
    return row if is_same else None


def _digest(text: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(text.encode()).hexdigest()
