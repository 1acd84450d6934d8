"""A receipt that was tampered with is not valid, whatever was changed; one that was written again is."""

import base64
import hashlib
import json
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from printmgmt.deprovisioning.receipts.canonical import NotCanonical, canonical, read_json
from printmgmt.deprovisioning.receipts.keys import public_keys, sign
from printmgmt.deprovisioning.receipts.personal import personal_digest
from printmgmt.deprovisioning.receipts.verifying import verify_text

SALT = b"0123456789abcdef"


def made(version: int = 1, previous: str | None = None, **personal: str) -> dict[str, Any]:
    named = {"user_name": "ada@contoso.example", "aliases": ["ada"], **personal}
    body = {
        "kind": "print-management-receipt",
        "organization": {"id": "1", "name": "Contoso Zürich"},
        "run": "7f0a",
        "version": version,
        "previous": previous,
        "personal": personal_digest(SALT, named),
        "steps": [{"id": 4, "state": "done", "evidence": {"held": [{"job": 17, "printer": "hall"}]}}],
        "statements": ["€ & <b>"],
    }
    key_id, signature = sign(canonical(body))
    return {
        "body": body,
        "personal": named,
        "salt": base64.b64encode(SALT).decode(),
        "digest": hashlib.sha256(canonical(body)).hexdigest(),
        "key_id": key_id,
        "signature": signature,
    }


def problems(value: Any) -> tuple[str, ...]:
    return verify_text(json.dumps(value)).problems


def changed(value: Any) -> Iterator[Any]:
    """Every copy of ``value`` in which one leaf is another one, is missing, or has company."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield {name: other for name, other in value.items() if name != key}
            yield from ({**value, key: other} for other in changed(item))
        yield {**value, "more": 1}
    elif isinstance(value, list):
        yield [*value, 1]
        for at, item in enumerate(value):
            yield value[:at] + value[at + 1 :]
            yield from (value[:at] + [other] + value[at + 1 :] for other in changed(item))
    elif isinstance(value, str):
        yield f"{value}x"
        yield None
    elif isinstance(value, int):
        yield value + 1
    else:
        yield "x"


def test_every_change_of_any_field_is_found() -> None:
    receipt = made()
    tried = 0
    for other in changed(receipt):
        tried += 1
        assert problems(other), other
    assert tried > 40
    assert problems(receipt) == ()


def test_names_of_another_receipt_are_found() -> None:
    ada, bob = made(), made(user_name="bob@contoso.example")
    assert problems({**ada, "personal": bob["personal"]}) == ("personal",)
    assert problems({**ada, "personal": None}) == ("personal",)
    assert problems({**ada, "salt": None}) == ("personal",)


def test_erased_names_leave_it_valid() -> None:
    verdict = verify_text(json.dumps({**made(), "personal": None, "salt": None}))
    assert (verdict.valid, verdict.has_names) == (True, False)


def test_a_removed_version_is_found() -> None:
    first = made()
    second = made(2, first["digest"])
    third = made(3, second["digest"])
    assert problems([first, second, third]) == ()
    assert problems(second) == ()
    for some in ([first, third], [second, third], [third, second], [first, first], [second]):
        assert problems(some) == ("chain",)
    assert problems([first, made(2, "0" * 64)]) == ("chain",)


def test_written_again_it_is_still_valid() -> None:
    receipt = made()
    shuffled = json.loads(json.dumps(receipt), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    for text in (
        json.dumps(shuffled),
        json.dumps(receipt, indent=4, ensure_ascii=False),
        json.dumps(receipt, sort_keys=True, separators=(" , ", " : ")),
    ):
        assert verify_text(text).valid
        assert verify_text(text.encode()).valid


def test_another_key_is_said(settings: Any) -> None:
    receipt = made()
    settings.RECEIPT_KEYS = ["another"]
    assert problems(receipt) == ("unknown-key",)
    other = made()
    settings.RECEIPT_KEYS = ["newer", "another"]
    assert problems(other) == ()
    assert problems({**made(), "key_id": other["key_id"]}) == ("signature",)


def test_an_older_key_goes_on_verifying(settings: Any) -> None:
    receipt = made()
    settings.RECEIPT_KEYS = ["newest", *settings.RECEIPT_KEYS]
    assert problems(receipt) == ()
    assert made()["key_id"] == public_keys()[0]["key_id"] != receipt["key_id"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "7",
        '"x"',
        "[[]]",
        '{"body": {}}',
        "\x00",
        "[" * 100_000,
        '{"a": NaN}',
        b"\xff",
    ],
)
def test_what_is_no_receipt_is_not_valid(text: str | bytes) -> None:
    assert not verify_text(text).valid


def test_a_key_that_stands_there_twice_is_refused() -> None:
    text = json.dumps(made())
    assert verify_text(text.replace('{"user_name"', '{"user_name": "eve", "user_name"', 1)).problems == (
        "not-json",
    )


def test_canonical_json_is_that_of_rfc_8785() -> None:
    # RFC 8785 §3.2.3 sorts by UTF-16 code units: U+1F600 comes before U+FB33.
    value = {
        "\u20ac": "Euro",
        "\r": "CR",
        "\ufb33": "Dalet",
        "1": 1,
        "\U0001f600": "Smile",
        "\x80": "Control",
    }
    assert [*json.loads(canonical(value))] == ["\r", "1", "\x80", "\u20ac", "\U0001f600", "\ufb33"]
    assert canonical({"b": [1, True, None], "a": '\x0f\n"\\/\u20ac'}) == (
        '{"a":"\\u000f\\n\\"\\\\/\u20ac","b":[1,true,null]}'.encode()
    )
    for refused in (1.5, 2**53, {"a": float("nan")}, "\ud800", {1: 2}):
        with pytest.raises(NotCanonical):
            canonical(refused)
    assert read_json("[1]") == [1]


def test_openssl_agrees(tmp_path: Path) -> None:
    receipt = deepcopy(made())
    (tmp_path / "body").write_bytes(canonical(receipt["body"]))
    (tmp_path / "signature").write_bytes(base64.b64decode(receipt["signature"]))
    (tmp_path / "key.pem").write_text(public_keys()[0]["pem"])
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in body -sigfile signature"
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "Signature Verified Successfully", done.stderr
