"""A trust of Contoso's, and a server that publishes the keys of its tenant."""

from tests.scim_sync.federation.fixtures import (
    impatient,
    key_server,
    other_signer,
    running_key_server,
    signer,
    trust,
)

__all__ = ["impatient", "key_server", "other_signer", "running_key_server", "signer", "trust"]
