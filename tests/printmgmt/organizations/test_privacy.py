"""What a cache may keep."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from printmgmt.organizations.privacy import NoStoreMiddleware
from tests import factories

pytestmark = pytest.mark.django_db


def test_pages_of_somebody_signed_in_are_kept_by_no_cache() -> None:
    contoso = factories.organization("Contoso")
    browser = factories.signed_in(contoso)
    where = {"organization": contoso.slug}

    for url in (
        reverse("console:people", kwargs=where),
        reverse("console:people", kwargs={"organization": "nowhere"}),
        reverse("account"),
        reverse("usersessions_list"),
    ):
        assert "no-store" in browser.get(url)["Cache-Control"], url


def test_without_a_session_cookie_nobody_is_looked_up(rf: RequestFactory) -> None:
    request = rf.get("/scim/v2/")  # has no user: asking for it would fail

    answer = NoStoreMiddleware(lambda _request: HttpResponse())(request)

    assert "Cache-Control" not in answer
