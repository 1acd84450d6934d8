"""Removes secrets from what the provisioning log keeps of a request, however their names are spelled.

Secrets are values under a name of ``SECRET_NAMES`` (a key, a path, a filter, JSON text in a string, a string
in a string) and the tokens the console hands out, wherever these stand. Too much is masked rather than too
little.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from printmgmt.log_masking import OUR_TOKENS
from scim_sync.protocol.errors import SECRET_NAMES, is_secret, without_literals
from scim_sync.provisioning_log.references import change_without_names, without_names

MASK = "•••"
MAX_BODY_LENGTH = 16_384

_MAX_DEPTH: Final = 64
_MIN_SECRET_LENGTH: Final = 4
"""A shorter secret is not searched for in other texts: it would match half of their words."""

_MOST_SECRETS: Final = 200
"""A request with more secrets does not come from a directory: no text about it is kept."""

# Members that say which attribute the other members of their object are about.
_NAMING: Final = frozenset({"path", "attribute", "attributename", "name", "type", "key"})
_NAMES: Final = "|".join(r"[\s_-]*".join(name) for name in sorted(SECRET_NAMES))
_OPERATORS: Final = r"(?:\s|%20|\+)(?:eq|ne|co|sw|ew|gt|ge|lt|le)\b"
_CLOSED: Final = r"[\\\"'”’`\])\s]*"
# pin=1234, "pin": "1234", pin eq "1234"; what follows is left out to the end of the text.
_GIVEN: Final = re.compile(
    rf"(?<![a-z0-9])((?:{_NAMES})(?:{_CLOSED}(?:=|{_OPERATORS})|[\\\"'”’`\]]+\s*:))(.+)", re.I | re.S
)
_WRITTEN: Final = re.compile(rf"(?<![a-z0-9])((?:{_NAMES}){_CLOSED}(?:[:=]|{_OPERATORS}))(.+)", re.I | re.S)
_MARKUP: Final = re.compile(r"[\[{=:\"]")
_PLAIN_NAME: Final = re.compile(r"[\w.:-]+(?:[:. ]{1,3}(?:pin|card[ _-]?number|password))?", re.I)
_WORDS: Final = re.compile(r"[^\s\"'“”‘’`\[\](){},;:=\\]+")


def masked(value: Any) -> Any:
    """The same JSON value with every secret replaced."""
    return _Masking().sent(value)


def masked_event(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields of a ProvisioningEvent as they may be kept.

    What was secret in the request is replaced in the answer, too, and in every text about both. What a body
    calls other people is left out (`references`).
    """
    masking = _Masking()
    request = masking.sent(fields["request_body"])
    kept = {
        "request_body": _kept(request),
        "response_body": _kept(masking.reported(fields.get("response_body"))),
        "path": masking.reported(fields["path"]),
        "detail": masking.reported(fields.get("detail", "")),
        "subject": masking.text(fields.get("subject", "")),
        "ignored": masking.reported(fields.get("ignored", [])),
        "changes": [
            {**change, **{end: masking.changed(change["attribute"], change[end]) for end in ("old", "new")}}
            for change in fields.get("changes", [])
        ],
    }
    return {**fields, **kept}


def _kept(body: Any) -> Any:
    """A body without the names of others, if there is one and it is not too large to keep."""
    if not isinstance(body, dict) or not body:
        return None
    size = len(json.dumps(body))
    return without_names(body) if size <= MAX_BODY_LENGTH else {"left out": f"{size} bytes"}


class _Masking:
    """Masking of one request: remembers the secrets it has masked."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    def sent(self, value: Any, depth: int = 0) -> Any:
        """JSON as it was sent."""
        if depth > _MAX_DEPTH:
            return MASK
        if isinstance(value, list):
            return [self.sent(item, depth + 1) for item in value]
        if isinstance(value, dict):
            return self._object(value, depth)
        return self._sent_text(value, depth) if isinstance(value, str) else value

    def reported(self, value: Any) -> Any:
        """A text of ours about the request, or JSON with such texts: secrets of the request are replaced."""
        if isinstance(value, list):
            return [self.reported(item) for item in value]
        if isinstance(value, dict):
            return {key: self.reported(item) for key, item in value.items()}
        if not isinstance(value, str):
            return value
        if len(self._secrets) > _MOST_SECRETS:
            return MASK
        for secret in sorted(self._secrets, key=len, reverse=True):
            value = value.replace(secret, MASK)
        return self.text(value)

    def changed(self, attribute: str, value: Any) -> Any:
        """One end of a change of an attribute."""
        return change_without_names(attribute, self.reported(self.sent(value)))

    def text(self, text: str) -> str:
        """A text without tokens and without values of secret attributes."""
        return _GIVEN.sub(rf"\g<1> {MASK}", OUR_TOKENS.sub(MASK, text))

    def _object(self, value: dict[str, Any], depth: int) -> dict[str, Any]:
        naming = {key for key in value if "".join(key.split()).lower() in _NAMING}
        if any(is_secret(text) for key in naming for text in _strings(value[key])):  # an operation of a PATCH
            return {key: self._of_operation(key, item, key in naming) for key, item in value.items()}
        return {
            self._name(key): self._secret(item) if is_secret(key) else self.sent(item, depth + 1)
            for key, item in value.items()
        }

    def _of_operation(self, member: str, value: Any, is_naming: bool) -> Any:
        """A member of a PATCH operation on a secret: `op` and path stay, the value is masked."""
        if is_naming and isinstance(value, str):
            return self._name(value)
        return value if member.strip().lower() == "op" and isinstance(value, str) else self._secret(value)

    def _secret(self, value: Any) -> str:
        for text in _texts(value):
            self._remember(text, *(_WORDS.findall(text) if _MARKUP.search(text) or is_secret(text) else ()))
        return MASK

    def _remember(self, *texts: str) -> None:
        self._secrets.update(
            text.strip() for text in texts if len(text.strip()) >= _MIN_SECRET_LENGTH and not is_secret(text)
        )

    def _name(self, path: str) -> str:
        """A path or key; one that ends at a secret without what it compares with, which may be the secret."""
        if not is_secret(path):
            return self.text(path)
        name, _bracket, selection = path.partition("[")
        self._remember(*_WORDS.findall(selection))
        if not is_secret(name):
            return f"{self.text(without_literals(name)).strip()}[{MASK}]"
        if _PLAIN_NAME.fullmatch(name.strip()):
            return name.strip()
        self._remember(*_WORDS.findall(name))
        return MASK

    def _sent_text(self, text: str, depth: int) -> str:
        if text.lstrip()[:1] in {"{", "[", '"'}:
            try:
                inside = json.loads(text)
            except (ValueError, RecursionError):
                inside = None
            kept = self.sent(inside, depth + 1)
            if kept != inside:
                return json.dumps(kept, ensure_ascii=False)
        found = _WRITTEN.search(text)
        if found:
            self._remember(*_WORDS.findall(found[2]))
            text = f"{text[: found.end(1)]} {MASK}"
        return OUR_TOKENS.sub(MASK, text)


def _strings(value: Any) -> list[str]:
    """The texts in a member that names an attribute."""
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]


def _texts(value: Any) -> Iterator[str]:
    """Every key and leaf as text."""
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
