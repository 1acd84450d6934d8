"""Masks secrets in log lines, by their name and by their form inside a text; and rows in errors."""

import re
from typing import Any

from structlog.typing import EventDict, WrappedLogger

MASK = "[masked]"

SECRET_NAMES = frozenset(
    [
        *("authorization", "proxyauthorization", "cookie", "setcookie", "sessionid", "csrftoken"),
        *("token", "accesstoken", "refreshtoken", "secrettoken", "apikey"),
        *("secret", "secretkey", "clientsecret", "credentialkeys", "privatekey"),
        *("password", "passwd", "passphrase", "pin", "newpin", "pincode"),
        *("card", "cardnumber", "cardid"),
    ]
)
SECRET_ENDINGS = (
    "_token",
    "_secret",
    "_password",
    "_pin",
    "_card",
    "_card_number",
    "Token",
    "Secret",
    "Password",
    "Pin",
)

_BEARER = re.compile(r"\b(Bearer|Basic)(\s+)[^\s\"',;]+", re.IGNORECASE)
_NAMED = re.compile(  # "pin": "1234", pin=1234, 'cardNumber': '04A2…'
    r"(?P<name>[\"']?\b(?:authorization|cookie|(?:secret|access|refresh)?_?token|password|secret|pin|card_?number)\b[\"']?"
    r"\s*[:=]\s*)(?P<value>\"[^\"]*\"|'[^']*'|[^\s,;&}\])]+)",
    re.IGNORECASE,
)
# All secrets that the console creates have such a prefix: pmscim_… (secret tokens), pmd_… (devices).
OUR_TOKENS = re.compile(r"pm[a-z]*(?:_|%(?:25)*5f)[A-Za-z0-9_%-]{16,}", re.IGNORECASE)
# Links that grant access, also as a parameter of another address.
_LINKS = re.compile(
    r"(?P<where>(?:/|%2f)(?:invitation|confirm-email|password(?:/|%2f)reset(?:/|%2f)key)(?:/|%2f))[^/\s\"'?#&<>]+?(?=/|%2f|[\s\"'?#&<>]|$)",
    re.IGNORECASE,
)
# What PostgreSQL adds to an error: "Key (…, user_name_key)=(…, ada@…) already exists", "Failing row …".
_ROW = re.compile(r"(?P<what>\bDETAIL: +).*")
_URL_PASSWORD = re.compile(r"(://[^/\s:@]*:)[^/\s@]+@")  # redis://:password@host


def mask_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Return ``event`` with every secret replaced by ``[masked]``, at any depth. A structlog processor."""
    return {name: MASK if _is_secret(name) else _masked(value) for name, value in event.items()}


def mask_text(text: str) -> str:
    """Return ``text`` without tokens, links that grant access, values after the name of a secret, and values
    of a row that a database could not write.
    """
    text = _BEARER.sub(rf"\1\2{MASK}", text)
    text = OUR_TOKENS.sub(MASK, text)
    text = _LINKS.sub(rf"\g<where>{MASK}", text)
    text = _ROW.sub(rf"\g<what>{MASK}", text)
    text = _URL_PASSWORD.sub(rf"\1{MASK}@", text)
    return _NAMED.sub(rf"\g<name>{MASK}", text)


def _is_secret(name: str) -> bool:
    return name.lower().removeprefix("http_").translate(
        str.maketrans("", "", "_- ")
    ) in SECRET_NAMES or name.endswith(SECRET_ENDINGS)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, dict):
        return {key: MASK if _is_secret(str(key)) else _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return mask_text(str(value))
