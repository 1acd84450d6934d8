"""Django logs the path of a refusal; not where a name stands in it for an id."""

import logging
from uuid import uuid4

import pytest

from tests.scim_sync.client import Scim, op

pytestmark = pytest.mark.django_db

CHANGE = op("Replace", "title", "Chief")


def test_a_path_with_a_name_for_an_id_is_not_logged(scim: Scim, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answers = [
            scim.patch("ada@contoso.example", CHANGE),
            scim.user("ada@contoso.example"),
            scim.delete("ada@contoso.example"),
            scim.patch_group("ada@contoso.example", CHANGE),
        ]

    assert {answer.status for answer in answers} == {404}
    assert "ada" not in caplog.text


def test_a_path_with_an_id_is_logged(scim: Scim, caplog: pytest.LogCaptureFixture) -> None:
    unknown = uuid4()

    assert scim.patch(unknown, CHANGE).status == 404

    assert str(unknown) in caplog.text
