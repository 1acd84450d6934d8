"""The secret box: keys rotate, purposes do not mix, and nothing is in clear."""

import pytest
from pytest_django.fixtures import Settings

from printmgmt.secret_box import SecretBox, Unreadable

OLD, NEW = "an-old-key-" * 5, "a-new-key-" * 5


def test_what_was_sealed_opens_under_old_keys_and_new_ones_seal(settings: Settings) -> None:
    box = SecretBox("tests")
    settings.CREDENTIAL_KEYS = {"1": OLD}
    old = box.seal("hunter2")
    settings.CREDENTIAL_KEYS = {"2": NEW, "1": OLD}
    new = box.seal("hunter2")

    assert (box.open(old), box.open(new)) == ("hunter2", "hunter2")
    assert "hunter2" not in old + new

    settings.CREDENTIAL_KEYS = {"2": NEW}
    assert box.open(new) == "hunter2"
    with pytest.raises(Unreadable):
        box.open(old)


def test_another_purpose_opens_nothing_and_neither_does_a_changed_text() -> None:
    sealed = SecretBox("tests").seal("hunter2")

    with pytest.raises(Unreadable):
        SecretBox("others").open(sealed)
    with pytest.raises(Unreadable):
        SecretBox("tests").open(sealed[:-8] + "AAAAAAA=")
