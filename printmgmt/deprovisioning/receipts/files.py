"""A receipt as a file: what is downloaded, and what is verified."""

import base64
from typing import Any

from printmgmt.deprovisioning.models import Receipt

FIELDS = ("body", "personal", "salt", "digest", "key_id", "signature")


def file_of(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as the JSON object that people download. ``personal`` is null once erased."""
    return {
        "body": receipt.body,
        "personal": receipt.personal,
        "salt": base64.b64encode(bytes(receipt.salt)).decode() if receipt.salt is not None else None,
        "digest": receipt.digest,
        "key_id": receipt.key_id,
        "signature": receipt.signature,
    }
