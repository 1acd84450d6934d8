"""What administrators paste: the exact values are taken, every other spelling says what to paste instead."""

import pytest

from scim_sync.federation.exceptions import PastedError
from scim_sync.federation.issuers import Cloud, read_issuer
from scim_sync.federation.pasted import read_audience, read_identity, read_subject
from tests.scim_sync.federation.entra import APPLICATION, ISSUER, OTHER_TENANT, SUBJECT, TENANT

US = f"https://login.microsoftonline.us/{TENANT}/v2.0"
CHINA = f"https://login.partner.microsoftonline.cn/{TENANT}/v2.0"


@pytest.mark.parametrize(
    ("text", "cloud"), [(ISSUER, Cloud.PUBLIC), (US, Cloud.US_GOVERNMENT), (CHINA, Cloud.CHINA)]
)
def test_issuers_of_three_clouds(text: str, cloud: Cloud) -> None:
    issuer = read_issuer(text)

    assert (issuer.cloud, issuer.tenant, str(issuer)) == (cloud, TENANT, text)
    assert issuer.keys_path == f"/{TENANT}/discovery/v2.0/keys"


@pytest.mark.parametrize(
    ("text", "meant", "says"),
    [
        (f"{ISSUER}/", ISSUER, "slash at the end"),
        (ISSUER.upper(), ISSUER, "capital letters"),
        (ISSUER.replace(TENANT, TENANT.upper()), ISSUER, "capital letters"),
        (f" {ISSUER}", ISSUER, "spaces"),
        (f"{ISSUER}\n", ISSUER, "spaces"),
        (ISSUER.replace("https://", ""), ISSUER, "not the issuer as Azure shows it"),
        (ISSUER.replace("https", "http"), ISSUER, "not the issuer as Azure shows it"),
        (ISSUER.replace(".com", ".com:443"), ISSUER, "not the issuer as Azure shows it"),
        (ISSUER.removesuffix("/v2.0"), ISSUER, "not the issuer as Azure shows it"),
        (f"{ISSUER}?x", ISSUER, "not the issuer as Azure shows it"),
        (f"https://sts.windows.net/{TENANT}/", ISSUER, "version 1.0"),
        (f"https://sts.chinacloudapi.cn/{TENANT}/", CHINA, "version 1.0"),
        (f"https://login.windows.net/{TENANT}/v2.0", ISSUER, "version 1.0"),
        (f"https://login.microsoftonline.com/{TENANT}/discovery/v2.0/keys", ISSUER, "JWKS URL"),
        (f"https://login.microsoftonline.us/{TENANT}/discovery/v2.0/keys", US, "JWKS URL"),
    ],
)
def test_another_spelling_is_refused_and_says_what_to_paste(text: str, meant: str, says: str) -> None:
    with pytest.raises(PastedError) as refused:
        read_issuer(text)

    assert says in str(refused.value)
    assert str(refused.value).endswith(f"Paste this instead: {meant}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        TENANT,
        "https://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0",
        f"https://login.microsoftonline.com.evil.example/{TENANT}/v2.0",
        f"https://evil.example/{TENANT}/v2.0",
        f"https://login.microsoftonline.com@evil.example/{TENANT}/v2.0",
        f"https://evil.example/login.microsoftonline.com/{TENANT}/v2.0",
        f"https://login.microsoftonline.de/{TENANT}/v2.0",
        f"https://169.254.169.254/{TENANT}/v2.0",
        f"https://login.microsoftonline.com\\@evil.example/{TENANT}/v2.0",
        ISSUER.replace("-", "‑"),  # noqa: RUF001 -- a hyphen that does not break, as word processors write it
        ISSUER.replace(TENANT, TENANT.replace("-", "")),
    ],
)
def test_other_hosts_and_no_tenant_are_refused(text: str) -> None:
    with pytest.raises(PastedError, match="Paste the issuer exactly as Azure shows it"):
        read_issuer(text)


@pytest.mark.parametrize(
    "tenant", ["9188040d-6c67-4b5b-b112-36a304b66dad", "0" * 8 + "-0000" * 3 + "-" + "0" * 12]
)
def test_personal_accounts_are_no_organization(tenant: str) -> None:
    with pytest.raises(PastedError, match="not the issuer of your organization"):
        read_issuer(ISSUER.replace(TENANT, tenant))


@pytest.mark.parametrize(
    "text", [APPLICATION, f"api://{APPLICATION}", f"api://{APPLICATION}/.default"], ids=["id", "uri", "scope"]
)
def test_audience_in_three_spellings_is_one_application(text: str) -> None:
    assert read_audience(text) == APPLICATION


@pytest.mark.parametrize(
    "text",
    [
        "",
        "contoso",
        f"{APPLICATION}/.default",
        f"api://{APPLICATION}/",
        f"API {APPLICATION}",
        f"https://{APPLICATION}",
    ],
)
def test_audience_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(PastedError, match="Paste the audience as Azure shows it"):
        read_audience(text)


def test_capital_letters_of_an_id_are_named_with_the_value_to_paste() -> None:
    with pytest.raises(PastedError, match=f"Paste this instead: api://{APPLICATION}"):
        read_audience(f"api://{APPLICATION.upper()}")
    with pytest.raises(PastedError, match=f"Paste this instead: {SUBJECT}"):
        read_subject(SUBJECT.upper())


@pytest.mark.parametrize(
    "text", ["", "alice@contoso.com", f"{SUBJECT} ", f"{SUBJECT}\n", SUBJECT.replace("-", "")]
)
def test_subject_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(PastedError, match="Paste the subject exactly as Azure shows it"):
        read_subject(text)


@pytest.mark.parametrize(
    ("subject", "audience", "says"),
    [
        (TENANT, APPLICATION, "The subject is your tenant ID"),
        (SUBJECT, TENANT, "The audience is your tenant ID"),
        (SUBJECT, f"api://{SUBJECT}", "Subject and audience are the same ID"),
    ],
)
def test_a_value_in_the_field_of_another_is_named(subject: str, audience: str, says: str) -> None:
    with pytest.raises(PastedError, match=says):
        read_identity(ISSUER, subject, audience)


def test_identity_accepts_each_spelling_of_its_audience_and_no_other_application() -> None:
    identity = read_identity(ISSUER, SUBJECT, f"api://{APPLICATION}/.default")

    assert identity.audiences == {
        APPLICATION,
        f"api://{APPLICATION}",
        f"api://{APPLICATION}/.default",
    }
    assert identity.issuer.tenant != OTHER_TENANT
