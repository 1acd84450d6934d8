"""What Entra sends, file by file (entra-provisioning §3–§9 and §15), in order, against a fresh tenant."""

from pathlib import Path

import pytest

from tests.scim_sync.client import Scim
from tests.scim_sync.entra.replay import FILES, replay

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_entra_is_answered_as_documented(file: Path, scim: Scim) -> None:
    replay(file, scim)
