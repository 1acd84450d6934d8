"""Whatever reaches the application under /scim/ is answered in SCIM, by a view or not."""

from collections.abc import Callable

import pytest
from django.test import Client

from printmgmt.people.models import PrintUser
from scim_sync.api.users import UsersView
from tests.scim_sync.client import Scim, a_user


@pytest.mark.parametrize("path", ["/nothing", "/Users/x/y", "/Userss", "/Bulk/x", "/.search/x", "//Users"])
def test_a_path_below_the_tenant_url_that_is_none(scim: Scim, path: str) -> None:
    assert scim.get(path).status == 404


@pytest.mark.rfc("7644", "3.11")
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_me_is_nobody(scim: Scim, method: str) -> None:
    assert scim.send(method, "/Me/").status == 501


@pytest.mark.rfc("7644", "3.2")
@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("spelling", [str, str.lower, str.upper, str.swapcase])
def test_an_endpoint_is_found_in_any_letter_case(
    scim: Scim, alice: PrintUser, spelling: Callable[[str], str], slash: str
) -> None:
    group = scim.create_group("Design").id
    reads = ["/Users", "/Groups", "/Schemas", "/ResourceTypes", "/ServiceProviderConfig"]
    reads += [f"/Users/{alice.pk}", f"/Groups/{group}", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User"]
    for path in reads:
        assert scim.get(spelling(path) + slash).body == scim.get(path).body, path
    for path in ("/Users/.search", "/Groups/.search", "/.search"):
        assert scim.post({}, spelling(path) + slash).body == scim.post({}, path).body
    assert scim.post({"Operations": []}, spelling("/Bulk") + slash).status == 200
    assert scim.get(spelling("/Me") + slash).status == 501


@pytest.mark.rfc("7644", "3.13")
@pytest.mark.parametrize(
    "path", ["/scim/", "/scim/v1/Users", "/scim/v2", "/scim/v2/", "/scim/x", "/scim/v2//Users"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_path_that_is_not_routed(scim: Scim, path: str, method: str) -> None:
    outside = Scim(path, scim.token)

    assert outside.send(method, "", a_user("x") if method == "POST" else None).status in (401, 404)


@pytest.mark.rfc("7644", "3.2")
def test_every_method_an_endpoint_does_not_have_is_405(scim: Scim, alice: PrintUser) -> None:
    refused = [(method, path) for method in ("PUT", "PATCH", "DELETE") for path in ("/Users", "/Groups", "/")]
    refused += [("POST", f"/Users/{alice.pk}"), ("POST", "/"), ("GET", "/Bulk"), ("GET", "/.search")]
    discovery = ["/Schemas", "/ResourceTypes", "/ServiceProviderConfig", "/ResourceTypes/User"]
    refused += [(method, path) for method in ("POST", "PUT", "PATCH", "DELETE") for path in discovery]
    refused += [(method, "/Users") for method in ("OPTIONS", "TRACE", "X")]

    for method, path in refused:
        assert scim.send(method, path, a_user("x") if method == "POST" else None).status == 405, (
            method,
            path,
        )
    assert PrintUser.objects.count() == 1


def test_a_bad_host_is_a_scim_400(scim: Scim) -> None:
    answer = scim.get("/Users", Host="evil.example")

    assert answer.error == (400, None)
    assert "evil" not in answer.body["detail"]


def test_no_csrf_token_is_asked_for(scim: Scim) -> None:
    client = Client(enforce_csrf_checks=True)
    headers = {"Authorization": f"Bearer {scim.token}", "Origin": "https://evil.example"}

    response = client.post(f"{scim.base}/Users", a_user("x"), "application/scim+json", headers=headers)

    assert response.status_code == 201


def test_a_crash_outside_the_handler_is_a_scim_500(scim: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret of the machine room")

    monkeypatch.setattr(UsersView, "finalize_response", crash)

    answer = scim.get("/Users")

    assert answer.error == (500, None)
    assert answer.headers["X-Request-ID"] in answer.body["detail"]


def test_details_do_not_follow_the_readers_language(scim: Scim) -> None:
    plain = scim.get("/Users/x").raw

    assert scim.get("/Users/x", Accept_Language="fr", Cookie="django_language=fr").raw == plain


def test_answers_are_not_to_be_stored_or_sniffed(scim: Scim) -> None:
    answer = scim.get("/Users")

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
