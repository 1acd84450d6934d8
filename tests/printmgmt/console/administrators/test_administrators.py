"""The Administrators pages: what is listed, who changes what, what stands in the audit trail."""

import csv
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from printmgmt.audit.models import AuditEvent
from printmgmt.mail.models import Mail
from printmgmt.organizations.invitations import invite, new_token
from printmgmt.organizations.models import Account, Administrator, Invitation, Organization
from printmgmt.organizations.roles import Role
from tests import factories
from tests.due import outbox
from tests.printmgmt.console.conftest import Page

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def owner(contoso: Organization) -> Administrator:
    return contoso.administrators.get()


@pytest.fixture
def client(owner: Administrator) -> Client:
    """Signed in as an owner who has just confirmed the password, so that no change asks for it again."""
    owner.account.set_password("correct horse battery")
    owner.account.save()
    browser = entered(owner.account)
    browser.post(reverse("account_reauthenticate"), {"password": "correct horse battery"})
    return browser


def entered(account: Account) -> Client:
    browser = Client()
    browser.post(reverse("account_login"), {"login": account.email, "password": "correct horse battery"})
    assert "_auth_user_id" in browser.session
    return browser


def url(contoso: Organization, name: str, **arguments: Any) -> str:
    return reverse(f"console:{name}", kwargs={"organization": contoso.slug, **arguments})


def verbs(contoso: Organization) -> list[str]:
    return list(AuditEvent.objects.filter(organization=contoso).order_by("id").values_list("verb", flat=True))


def test_list_says_who_left_and_escapes_names(page: Page, contoso: Organization) -> None:
    ada = factories.administrator(contoso, Role.HELPDESK)
    Account.objects.filter(pk=ada.account_id).update(name=HOSTILE)
    bob = factories.person(contoso, ada.account.email, by=factories.DIRECTORY)
    factories.leaver(contoso, who=bob, by=factories.DIRECTORY)

    html = page("console:administrators")

    assert "Access ended by Entra through SCIM (person suspended)" in html
    assert HOSTILE not in html
    assert "&lt;script&gt;" in html


def test_list_is_searched_and_filtered(page: Page, contoso: Organization) -> None:
    ada = factories.administrator(contoso, Role.HELPDESK, who=factories.account("ada@contoso.example"))
    bob = factories.administrator(contoso, Role.AUDITOR, who=factories.account("bob@contoso.example"))
    Administrator.objects.filter(pk=bob.pk).update(disabled_at=timezone.now())

    def shown(**query: str) -> set[str]:
        html = page("console:administrators", query)
        return {row.account.email for row in (ada, bob) if row.account.email in html}

    assert shown() == {ada.account.email, bob.account.email}
    assert shown(q="ADA@") == {ada.account.email}
    assert shown(role="auditor") == {bob.account.email}
    assert shown(access="active") == {ada.account.email}
    assert shown(access="ended") == {bob.account.email}


def test_export_is_the_list_with_cells_that_are_no_formulas(client: Client, contoso: Organization) -> None:
    ada = factories.administrator(contoso, Role.HELPDESK)
    Account.objects.filter(pk=ada.account_id).update(name="=1+3")

    answer = client.get(url(contoso, "administrators"), {"export": "csv", "role": "helpdesk"})

    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [["'=1+3", ada.account.email, "Help desk"]]


def test_list_costs_the_same_at_3_and_3000(client: Client, contoso: Organization) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(contoso, "administrators")).status_code == 200
        return len(captured)

    def add(first: int, count: int) -> None:
        numbers = range(first, first + count)
        made = Account.objects.bulk_create(Account(email=f"a{n}@x.example") for n in numbers)
        Administrator.objects.bulk_create(
            Administrator(organization=contoso, account=who, role=Role.AUDITOR) for who in made
        )
        Invitation.objects.bulk_create(
            Invitation(
                organization=contoso,
                email=f"i{n}@x.example",
                role=Role.AUDITOR,
                token_digest=str(n),
                expires_at=timezone.now(),
            )
            for n in numbers
        )

    add(0, 3)
    few = queries()
    add(3, 2_997)

    assert queries() == few


def test_inviting_mails_a_link_and_is_audited(client: Client, contoso: Organization) -> None:
    data = {"email": "Grace@contoso.example", "role": "auditor"}

    assert client.post(url(contoso, "administrator_invite"), data).status_code == 302

    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role) == ("grace@contoso.example", "auditor")
    assert outbox()[0].to == ["grace@contoso.example"]
    assert verbs(contoso) == ["invitation.sent"]


def test_admin_is_not_offered_to_invite_owners(contoso: Organization) -> None:
    admin = factories.signed_in(contoso, Role.ADMIN)

    answer = admin.post(url(contoso, "administrator_invite"), {"email": "g@x.example", "role": "owner"})

    assert answer.status_code == 200
    assert not Invitation.objects.exists()


def test_an_invitation_waits_for_the_mail_server(
    client: Client, contoso: Organization, settings: Any
) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    data = {"email": "grace@contoso.example", "role": "auditor"}
    html = client.post(url(contoso, "administrator_invite"), data, follow=True).content.decode()

    assert "Invitation sent to grace@contoso.example." in html
    assert Invitation.objects.count() == 1
    assert outbox() == []
    settings.EMAIL_BACKEND = working
    Mail.objects.update(due_at=timezone.now())
    assert len(outbox()) == 1


def test_invitation_is_sent_again_and_withdrawn(
    client: Client, contoso: Organization, owner: Administrator
) -> None:
    invitation = invite(contoso, "grace@contoso.example", Role.AUDITOR, by=owner)

    client.post(url(contoso, "administrator_invitation_resend", invitation=invitation.pk))
    assert len(outbox()) == 1
    client.post(url(contoso, "administrator_invitation_withdraw", invitation=invitation.pk))

    assert not Invitation.objects.exists()
    assert verbs(contoso) == ["invitation.resent", "invitation.withdrawn"]


def test_admin_cannot_touch_an_owners_invitation(contoso: Organization, owner: Administrator) -> None:
    invitation = invite(contoso, "grace@contoso.example", Role.OWNER, by=owner)
    admin = factories.signed_in(contoso, Role.ADMIN)

    for name in ("administrator_invitation_resend", "administrator_invitation_withdraw"):
        assert admin.post(url(contoso, name, invitation=invitation.pk)).status_code == 403
    assert Invitation.objects.count() == 1


def test_owner_changes_a_role_ends_and_gives_back_access(client: Client, contoso: Organization) -> None:
    ada = factories.administrator(contoso, Role.HELPDESK)

    client.post(url(contoso, "administrator_role", administrator=ada.pk), {"role": "admin"})
    client.post(url(contoso, "administrator_remove", administrator=ada.pk))
    assert not contoso.administrators.active().filter(pk=ada.pk).exists()
    client.post(url(contoso, "administrator_restore", administrator=ada.pk))

    assert contoso.administrators.active().get(pk=ada.pk).role == Role.ADMIN
    assert verbs(contoso) == ["administrator.role-changed", "administrator.removed", "administrator.restored"]
    changed = AuditEvent.objects.get(verb="administrator.role-changed")
    assert changed.details is not None
    assert (changed.details["before"], changed.details["after"]) == ("helpdesk", "admin")


def test_a_changed_role_and_an_ended_access_offer_undo(client: Client, contoso: Organization) -> None:
    grace = factories.administrator(contoso, Role.HELPDESK)

    def send(name: str, **data: str) -> str:
        answer = client.post(url(contoso, name, administrator=grace.pk), data, follow=True)
        return " ".join(answer.content.decode().split())

    html = send("administrator_role", role="auditor")
    assert f'action="{url(contoso, "administrator_role", administrator=grace.pk)}"' in html
    assert '<input type="hidden" name="role" value="helpdesk">' in html
    html = send("administrator_remove")
    assert f'action="{url(contoso, "administrator_restore", administrator=grace.pk)}"' in html
    # Someone else has ended it already: Undo would give back what was not taken here.
    html = send("administrator_remove")
    assert "already decided" in html
    assert "Undo" not in html


def test_what_was_done_to_oneself_offers_no_undo(
    client: Client, contoso: Organization, owner: Administrator
) -> None:
    factories.administrator(contoso)

    answer = client.post(
        url(contoso, "administrator_role", administrator=owner.pk), {"role": "admin"}, follow=True
    )

    assert "now has the role Administrator." in answer.content.decode()
    assert "Undo" not in answer.content.decode()


def test_last_owner_sees_why_not_and_nothing_is_audited(
    client: Client, contoso: Organization, owner: Administrator
) -> None:
    answer = client.post(url(contoso, "administrator_remove", administrator=owner.pk), follow=True)

    assert "needs an owner" in answer.content.decode()
    assert verbs(contoso) == []


def test_role_that_is_none_changes_nothing(client: Client, contoso: Organization) -> None:
    ada = factories.administrator(contoso, Role.HELPDESK)

    client.post(url(contoso, "administrator_role", administrator=ada.pk), {"role": "god"})

    ada.refresh_from_db()
    assert ada.role == Role.HELPDESK
    assert verbs(contoso) == []


def test_owner_who_ends_the_own_access_lands_outside(
    client: Client, contoso: Organization, owner: Administrator
) -> None:
    factories.administrator(contoso)

    answer = client.post(url(contoso, "administrator_remove", administrator=owner.pk), follow=True)

    assert answer.redirect_chain == [("/", 302)]
    assert "You don't have access to any organization" in answer.content.decode()


def test_change_asks_for_the_password_when_it_was_long_ago_and_then_goes_on(contoso: Organization) -> None:
    owner = factories.administrator(contoso)
    browser = Client()
    browser.force_login(owner.account)
    ada = factories.administrator(contoso, Role.HELPDESK)
    change = url(contoso, "administrator_remove", administrator=ada.pk)

    redirect = browser.post(change)
    assert redirect["Location"].startswith(reverse("account_reauthenticate"))
    assert contoso.administrators.active().filter(pk=ada.pk).exists()
    done = browser.post(redirect["Location"], {"password": "correct horse battery"}, follow=True)

    assert done.status_code == 200
    assert not contoso.administrators.active().filter(pk=ada.pk).exists()


def accept_page(owner: Administrator) -> str:
    invited = invite(owner.organization, "grace@contoso.example", Role.AUDITOR, by=owner)
    token = new_token(invited)
    return reverse("invitation", kwargs={"token": token})


def test_who_has_no_account_accepts_with_name_and_password(
    contoso: Organization, owner: Administrator
) -> None:
    link, grace = accept_page(owner), Client()
    assert "auditor" in grace.get(link).content.decode().lower()

    done = grace.post(link, {"name": "Grace Hopper", "password": "correct horse battery"}, follow=True)

    assert done.wsgi_request.path == url(contoso, "dashboard")
    account = Account.objects.get(email="grace@contoso.example")
    assert (account.name, account.check_password("correct horse battery")) == ("Grace Hopper", True)
    assert verbs(contoso) == ["invitation.accepted"]
    assert Client().get(link).status_code == 410


def test_weak_password_makes_no_account(owner: Administrator) -> None:
    answer = Client().post(accept_page(owner), {"name": "Grace", "password": "short"})

    assert "at least 12 characters" in answer.content.decode()
    assert not Account.objects.filter(email="grace@contoso.example").exists()


def test_link_alone_never_sets_the_password_of_an_account(owner: Administrator) -> None:
    grace = factories.account("grace@contoso.example")

    answer = Client().post(accept_page(owner), {"name": "M", "password": "another horse battery"})

    assert "Sign in to accept" in answer.content.decode()
    grace.refresh_from_db()
    assert grace.check_password("correct horse battery")
    assert not grace.administrations.exists()


def test_signed_in_account_accepts_by_a_button(contoso: Organization, owner: Administrator) -> None:
    grace = factories.account("grace@contoso.example")
    browser = entered(grace)

    done = browser.post(accept_page(owner), follow=True)

    assert done.wsgi_request.path == url(contoso, "dashboard")
    assert grace.administrations.get().role == Role.AUDITOR


def test_another_account_is_asked_to_sign_out(owner: Administrator) -> None:
    mallory = factories.account("mallory@contoso.example")
    browser, link = entered(mallory), accept_page(owner)

    assert "Only the invited address can accept" in browser.get(link).content.decode()
    browser.post(link)
    assert not mallory.administrations.exists()


def test_confirmations_say_what_will_happen(page: Page, contoso: Organization) -> None:
    ada = factories.administrator(contoso, Role.HELPDESK)

    html = page("console:administrator", administrator=ada.pk)
    forms = re.findall(r'<form method="post" action="/o/[^>]*>', html)

    assert forms
    assert all("data-confirm=" in form for form in forms)
