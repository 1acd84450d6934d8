"""Learn more and Add: what is agreed to, by whom, and what comes of it."""

import pytest
from django.urls import reverse

from addons.models import Installation
from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning.models import LeavingPolicy
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso & Söhne")


def address(name: str, of: Organization) -> str:
    if name == "details":
        return factories.page_of(of, "addons:details")
    return reverse(f"addons:{name}", kwargs={"organization": of.slug, "addon": factories.ADDON})


def test_learn_more_says_what_the_add_on_may_do_and_what_happens_to_leavers(contoso: Organization) -> None:
    html = factories.signed_in(contoso).get(address("learn_more", contoso)).content.decode()

    assert "What it can do in Contoso &amp; Söhne" in html
    assert "Suspended: 30 days to change your mind" in html
    assert "Removed: 7 days to change your mind" in html
    assert "public https address" in html
    assert "Entra ID P1" in html
    assert "userPrincipalName" in html


def test_learn_more_shows_the_organizations_own_policy(contoso: Organization) -> None:
    LeavingPolicy.objects.create(organization=contoso, version=1)
    LeavingPolicy.objects.create(organization=contoso, version=2, suspend_grace_days=45)

    html = factories.signed_in(contoso).get(address("learn_more", contoso)).content.decode()

    assert "Suspended: 45 days to change your mind" in html


def test_looking_at_learn_more_writes_no_policy(contoso: Organization) -> None:
    factories.signed_in(contoso).get(address("learn_more", contoso))

    assert not LeavingPolicy.objects.filter(organization=contoso).exists()


def test_the_consent_dialog_names_the_organization(contoso: Organization) -> None:
    html = factories.signed_in(contoso).get(address("learn_more", contoso)).content.decode()

    assert "Add to Contoso &amp; Söhne?" in html
    assert f'action="{address("install", contoso)}"' in html


@pytest.mark.parametrize("role", [Role.HELPDESK, Role.AUDITOR])
def test_who_may_not_add_sees_who_may(contoso: Organization, role: Role) -> None:
    html = factories.signed_in(contoso, role).get(address("learn_more", contoso)).content.decode()

    assert f"Your role is {role.label}" in html
    assert 'id="consent"' not in html


@pytest.mark.usefixtures("only_one")
def test_an_installed_add_on_is_opened_and_not_added_again(contoso: Organization) -> None:
    factories.installed(contoso)

    html = factories.signed_in(contoso).get(address("learn_more", contoso)).content.decode()

    assert f'href="{address("details", contoso)}"' in html
    assert 'id="consent"' not in html


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
def test_a_manager_who_agrees_adds_it_and_lands_on_its_details(contoso: Organization, role: Role) -> None:
    client = factories.signed_in(contoso, role)

    answer = client.post(address("install", contoso), {"consent": "yes"}, follow=True)

    assert answer.redirect_chain == [(address("details", contoso), 302)]
    assert "Microsoft Azure AD User Sync was added." in answer.content.decode()
    installation = Installation.objects.get(organization=contoso)
    assert str(installation.installed_by_id) == client.session["_auth_user_id"]
    assert AuditEvent.objects.filter(organization=contoso, verb="addon.installed").count() == 1


@pytest.mark.parametrize("consent", [{}, {"consent": ""}, {"consent": "no"}])
def test_nothing_is_added_without_consent(contoso: Organization, consent: dict[str, str]) -> None:
    answer = factories.signed_in(contoso).post(address("install", contoso), consent, follow=True)

    assert answer.redirect_chain == [(address("learn_more", contoso), 302)]
    assert "Confirm what the add-on may do" in answer.content.decode()
    assert not Installation.objects.exists()


def test_adding_twice_keeps_the_first(contoso: Organization) -> None:
    first = factories.installed(contoso)

    answer = factories.signed_in(contoso).post(address("install", contoso), {"consent": "yes"}, follow=True)

    assert answer.redirect_chain == [(address("details", contoso), 302)]
    assert "already installed" in answer.content.decode()
    assert list(Installation.objects.values_list("pk", flat=True)) == [first.pk]


def test_an_add_on_that_does_not_exist_is_not_found(contoso: Organization) -> None:
    unknown = reverse("addons:learn_more", kwargs={"organization": contoso.slug, "addon": "no-such"})

    assert factories.signed_in(contoso).get(unknown).status_code == 404
