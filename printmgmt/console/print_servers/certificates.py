"""How a certificate's fingerprint is written for people."""


def grouped(fingerprint: str) -> str:
    """Return it as openssl prints it: pairs of capital digits with colons between them."""
    plain = fingerprint.upper()
    return ":".join(plain[start : start + 2] for start in range(0, len(plain), 2))
