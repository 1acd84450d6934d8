"""Whether the internet could call an address, as far as its name tells."""

import pytest

from printmgmt.checks import is_public_https


@pytest.mark.parametrize(
    "url", ["https://print.contoso.com", "https://8.8.8.8:8443", "https://xn--caf-dma.fr"]
)
def test_public_https_address(url: str) -> None:
    assert is_public_https(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://print.contoso.com",
        "https://localhost",
        "https://printserver",
        "https://print.contoso.local",
        "https://127.0.0.1:8000",
        "https://192.168.1.4",
        "https://[::1]:8000",
        "https://[fd00::1]",
    ],
)
def test_address_entra_cannot_call(url: str) -> None:
    assert not is_public_https(url)
