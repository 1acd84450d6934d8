"""Names inside a mail."""

import re
from typing import Final

# All but those that do not break: they break no line, and French needs them.
_BLANKS: Final = re.compile(r"[^\S\u00a0\u202f]+")


def one_line(text: object) -> str:
    """On one line with single blanks: a line break in a name would be a header, or a line that seems ours."""
    return _BLANKS.sub(" ", str(text)).strip()
