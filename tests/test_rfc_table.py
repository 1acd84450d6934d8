"""The RFC table of docs/scim.md cannot claim what no test proves."""

from collections import Counter
from dataclasses import replace

import pytest

from tools import rfc_table


def test_every_claim_has_its_proof_and_every_refusal_its_reason() -> None:
    assert rfc_table.problems() == []


def test_a_claim_without_a_test_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    proofs = rfc_table.markers()
    del proofs["7644", "3.7.1"]
    monkeypatch.setattr(rfc_table, "markers", lambda: proofs)

    assert rfc_table.problems() == [
        "RFC 7644 §3.7.1 Circular Reference Processing: no test carries its marker"
    ]


def test_a_test_of_a_section_that_is_none_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    proofs = {**rfc_table.markers(), ("7644", "3.99"): Counter(["tests/test_x.py"])}
    monkeypatch.setattr(rfc_table, "markers", lambda: proofs)

    assert rfc_table.problems() == ["RFC 7644 §3.99 is no section"]


def test_a_refusal_without_a_reason_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = [
        replace(section, note="") if section.key == ("7644", "2.2") else section
        for section in rfc_table.sections()
    ]
    monkeypatch.setattr(rfc_table, "sections", lambda: silent)

    assert rfc_table.problems() == ["RFC 7644 §2.2 Anonymous Requests: says not why"]
