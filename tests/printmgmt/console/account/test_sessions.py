"""Where one is signed in: named, and each signed out alone."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from printmgmt.organizations.models import Account
from tests import factories
from tests.factories import PASSWORD
from tests.printmgmt.console.account.test_browsers import CHROME

pytestmark = pytest.mark.django_db


def entered(account: Account, user_agent: str = CHROME) -> Client:
    browser = Client(headers={"user-agent": user_agent})
    browser.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    return browser


def test_one_session_is_signed_out_and_the_others_stay() -> None:
    account = factories.account()
    here, there, elsewhere = entered(account), entered(account, "curl/8.5.0"), entered(account)
    listed = " ".join(here.get(reverse("usersessions_list")).content.decode().split())
    session = UserSession.objects.get(user_agent="curl/8.5.0")

    answer = here.post(reverse("session_end", kwargs={"session": session.pk}), follow=True)

    assert f'title="{CHROME}">Chrome on Linux</bdi>' in listed
    assert listed.count("/end/") == 2
    assert "signed in <time" in listed
    assert "Signed out curl/8.5.0." in answer.content.decode()
    assert there.get(reverse("account")).status_code == 302
    assert elsewhere.get(reverse("account")).status_code == 200
    assert here.get(reverse("account")).status_code == 200


def test_somebody_elses_session_is_not_found_and_goes_on() -> None:
    theirs = factories.account()
    there, here = entered(theirs), entered(factories.account())
    session = UserSession.objects.get(user=theirs)

    assert here.post(reverse("session_end", kwargs={"session": session.pk})).status_code == 404
    assert there.get(reverse("account")).status_code == 200
