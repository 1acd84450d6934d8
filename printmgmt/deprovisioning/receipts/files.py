"""A receipt as a file: what is downloaded, and what is verified."""

import base64
import json
from collections.abc import Iterable
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


def text_of(receipts: Iterable[Receipt]) -> str:
    """Return versions of a receipt, the first one first, as the text of one file."""
    return json.dumps([file_of(receipt) for receipt in receipts], ensure_ascii=False, indent=2)
