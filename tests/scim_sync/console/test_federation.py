"""Federation set up, changed and switched off in the console, and what the details page says of it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from addons.models import Installation
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from scim_sync.credentials.clients import token_endpoint
from scim_sync.credentials.tokens import tenant_url
from scim_sync.federation.refusals import REFUSALS
from scim_sync.federation.trusts import add_trust, end_trust
from scim_sync.models import FederatedTrust, KeysTrouble, SigningKeys, TrustRefusal
from tests import factories
from tests.scim_sync.console.conftest import Page, Post, address
from tests.scim_sync.federation.entra import ISSUER, OTHER_TENANT, PASTED, TENANT
from tests.scim_sync.federation.key_server import KeyServer

OTHER = {**PASTED, "subject": "886313e1-3b8a-5372-9b90-0c9aee199e5d"}


def test_setting_up_shows_what_to_paste_into_azure(
    key_server: KeyServer, installation: Installation, post: Post
) -> None:
    html = post("scim_sync:add_trust", PASTED)

    trust = FederatedTrust.objects.get()
    assert trust.added_by is not None
    for value in (tenant_url(installation), token_endpoint(installation), trust.pk):
        assert f'value="{value}"' in html
    assert "Waiting for Entra" in html
    assert "Azure (worldwide)" in html
    assert key_server.asked == [f"/{TENANT}/discovery/v2.0/keys"]
    assert "could not be read" not in html
    assert AuditEvent.objects.filter(verb="federation.added").count() == 1


def test_keys_that_cannot_be_read_are_said_at_once_and_the_trust_is_kept(
    key_server: KeyServer, post: Post
) -> None:
    key_server.answer = key_server.fail

    html = post("scim_sync:add_trust", PASTED)

    assert "the keys of your tenant could not be read from login.microsoftonline.com" in html
    assert "The host answered with an error (503)" in html
    assert FederatedTrust.objects.live().count() == 1


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"issuer": f"{ISSUER}/"}, f"There is a slash at the end. Paste this instead: {ISSUER}"),
        (
            {"issuer": f"https://login.microsoftonline.com/{TENANT}/discovery/v2.0/keys"},
            f"not the issuer. Paste this instead: {ISSUER}",
        ),
        ({"issuer": "https://evil.example/v2.0"}, "Paste the issuer exactly as Azure shows it"),
        ({"subject": "alice"}, "Paste the subject exactly as Azure shows it"),
        ({"subject": TENANT}, "The subject is your tenant ID"),
        ({"audience": "contoso"}, "Paste the audience as Azure shows it"),
        ({"audience": ""}, "This field is required"),
        ({"issuer": "x" * 300}, "at most 255 characters"),
    ],
    ids=str,
)
def test_what_cannot_be_right_is_said_at_the_field(
    key_server: KeyServer, post: Post, changed: dict[str, str], says: str
) -> None:
    html = post("scim_sync:add_trust", {**PASTED, **changed})

    assert says in html
    assert FederatedTrust.objects.count() == 0
    assert key_server.asked == []


def test_blanks_around_a_pasted_value_are_cut_off(key_server: KeyServer, post: Post) -> None:
    post("scim_sync:add_trust", {name: f" {value}\n" for name, value in PASTED.items()})

    assert FederatedTrust.objects.values(*PASTED).get() == PASTED


def test_a_third_is_refused_in_words(trust: FederatedTrust, installation: Installation, post: Post) -> None:
    add_trust(installation, **OTHER, by=factories.TESTER)
    third = {**PASTED, "subject": "0e984725-c51c-4bf4-9960-e1c80e27aba0"}

    assert "There are already two active federations" in post("scim_sync:add_trust", third)


def test_editing_shows_the_values_and_keeps_the_client_identifier(
    trust: FederatedTrust, page: Page, post: Post
) -> None:
    html = page("scim_sync:change_trust", trust=trust.pk)
    assert all(f'value="{value}"' in html for value in PASTED.values())

    html = post("scim_sync:change_trust", OTHER, trust=trust.pk)

    assert "Federation was changed" in html
    assert f'value="{trust.pk}"' in html
    trust.refresh_from_db()
    assert trust.subject == OTHER["subject"]
    assert "No changes were made" in post("scim_sync:change_trust", OTHER, trust=trust.pk)


def test_a_form_filled_in_on_older_values_asks_again(
    client: Client, contoso: Organization, trust: FederatedTrust
) -> None:
    path = address(contoso, "scim_sync:change_trust", trust=trust.pk)
    seen = re.findall(r'name="seen" value="(\w+)"', client.get(path).content.decode())[0]
    FederatedTrust.objects.update(audience=OTHER_TENANT)

    answer = client.post(path, {**OTHER, "seen": seen})

    assert "someone else changed this in the meantime" in answer.content.decode()


def test_switching_off_is_said_and_can_be_said_twice(trust: FederatedTrust, post: Post) -> None:
    html = post("scim_sync:end_trust", trust=trust.pk)

    assert "Federation is switched off. Azure can no longer connect with it." in html
    assert "already switched off" in post("scim_sync:end_trust", trust=trust.pk)
    assert "switched off in the meantime" in post("scim_sync:change_trust", OTHER, trust=trust.pk)


@pytest.mark.parametrize("name", ["scim_sync:change_trust", "scim_sync:end_trust"])
def test_a_trust_of_another_organization_does_not_exist(
    client: Client, contoso: Organization, fabrikam: Organization, installation: Installation, name: str
) -> None:
    foreign = add_trust(factories.installed(fabrikam), **PASTED, by=factories.TESTER)

    answer = client.post(address(contoso, name, trust=foreign.pk), OTHER)

    assert answer.status_code == 404
    foreign.refresh_from_db()
    assert (foreign.is_live, foreign.subject) == (True, PASTED["subject"])


@pytest.mark.parametrize("reason", TrustRefusal)
def test_the_details_page_says_why_an_assertion_was_refused_and_what_to_change(
    trust: FederatedTrust, page: Page, reason: TrustRefusal
) -> None:
    FederatedTrust.objects.update(
        refusal=reason, refused_at=timezone.now(), refused_address="20.1.2.3", accepted_at=None
    )
    SigningKeys.objects.create(
        host="login.microsoftonline.com", tenant=TENANT, trouble=KeysTrouble.STATUS, detail="503"
    )

    html = page("addons:details").replace("&#x27;", "'")

    assert str(REFUSALS[reason].what) in html
    assert str(REFUSALS[reason].fix) in html
    assert "20.1.2.3" in html
    assert ("The host answered with an error (503)" in html) == (reason == TrustRefusal.NO_KEYS)


def test_a_refusal_before_the_last_accepted_assertion_is_not_shown(trust: FederatedTrust, page: Page) -> None:
    now = timezone.now()
    FederatedTrust.objects.update(
        refusal=TrustRefusal.AUDIENCE, refused_at=now - timedelta(hours=1), accepted_at=now, last_used_at=now
    )

    html = page("addons:details")

    assert str(REFUSALS[TrustRefusal.AUDIENCE].what) not in html
    assert "Last used" in html


def test_a_refusal_is_shown_although_an_older_access_token_is_still_used(
    trust: FederatedTrust, page: Page
) -> None:
    now = timezone.now()
    FederatedTrust.objects.update(
        refusal=TrustRefusal.AUDIENCE,
        refused_at=now - timedelta(minutes=5),
        accepted_at=now - timedelta(minutes=50),
        last_used_at=now,
    )

    assert str(REFUSALS[TrustRefusal.AUDIENCE].what) in page("addons:details")


def test_a_trust_that_is_off_stays_in_the_list_without_buttons(trust: FederatedTrust, page: Page) -> None:
    end_trust(trust, by=factories.TESTER)

    html = page("addons:details")

    assert trust.subject in html
    assert "Switched off" in html
    assert str(trust.pk) not in html
