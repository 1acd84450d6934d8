"""What the service says of itself, and that it is true: what is published is kept, and nothing else is."""

from typing import Any

import pytest

from addons.models import Installation
from printmgmt.people.models import PrintUser
from tests.scim_sync.api.test_query_counts import crowd
from tests.scim_sync.client import CORE, ENTERPRISE, GROUP, PRINTMGMT, Scim

pytestmark = pytest.mark.django_db

CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
RESOURCE_TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"


def schemas(scim: Scim) -> dict[str, dict[str, Any]]:
    return {document["id"]: document for document in scim.get("/Schemas").body["Resources"]}


def value_of(attribute: dict[str, Any], number: int) -> Any:
    """A value of the published type, different for each attribute."""
    if attribute["type"] == "boolean":
        return True
    if attribute["type"] == "complex":
        subs = [sub for sub in attribute["subAttributes"] if sub["mutability"] == "readWrite"]
        filled = {sub["name"]: value_of(sub, number * 100 + place) for place, sub in enumerate(subs)}
        return [filled] if attribute["multiValued"] else filled
    value = attribute.get("canonicalValues", [f"value {number}"])[0]
    return [value] if attribute["multiValued"] else value


def writable(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [attribute for attribute in document["attributes"] if attribute["mutability"] == "readWrite"]


def names(attributes: list[dict[str, Any]], prefix: str = "") -> set[str]:
    """Every name below a list of attributes, dotted."""
    found = set()
    for attribute in attributes:
        path = f"{prefix}{attribute['name']}"
        found |= {path} | names(attribute.get("subAttributes", []), f"{path}.")
    return found


def paths(value: Any, prefix: str = "") -> set[str]:
    """Every name in a representation, dotted."""
    found = set()
    for name, below in value.items():
        found.add(f"{prefix}{name}")
        for each in below if isinstance(below, list) else [below]:
            if isinstance(each, dict):
                found |= paths(each, f"{prefix}{name}.")
    return found


@pytest.mark.rfc("7643", "7")
@pytest.mark.rfc("7643", "4.1")
@pytest.mark.rfc("7643", "4.3")
@pytest.mark.rfc("7643", "8.2")
@pytest.mark.rfc("7643", "8.3")
def test_every_attribute_of_a_person_that_is_published_is_kept_as_it_was_sent(scim: Scim) -> None:
    documents = schemas(scim)
    sent: dict[str, Any] = {
        attribute["name"]: value_of(attribute, number)
        for number, attribute in enumerate(writable(documents[CORE]))
    }
    sent[ENTERPRISE] = {
        attribute["name"]: value_of(attribute, 1000 + number)
        for number, attribute in enumerate(writable(documents[ENTERPRISE]))
    }

    kept = scim.user(scim.post({"schemas": [CORE, ENTERPRISE], **sent}).id).body

    assert len(sent) > 15
    assert {name: kept.get(name) for name in sent} == sent


@pytest.mark.rfc("7643", "7")
@pytest.mark.rfc("7643", "2.2")
def test_nothing_is_shown_that_is_not_published(scim: Scim) -> None:
    documents = schemas(scim)
    everything: dict[str, Any] = {
        attribute["name"]: value_of(attribute, number)
        for number, attribute in enumerate(documents[CORE]["attributes"])
    }
    everything |= {"password": "x", "photos": [{"value": "https://x"}], "nonsense": "x"}
    everything[PRINTMGMT] = {"cardNumber": "4711", "pin": "4711", "printAliases": ["x"], "more": "x"}
    person = scim.post({"schemas": [CORE], **everything}).id
    scim.create_group("Staff", person)

    common = {"schemas", "id", "externalId"} | {
        f"meta{sub}" for sub in ("", ".resourceType", ".created", ".lastModified", ".location", ".version")
    }
    published = names(documents[CORE]["attributes"]) | common
    shown = paths(scim.user(person).body)
    assert shown <= published
    assert {"groups.value", "groups.$ref", "groups.display", "groups.type"} <= shown
    assert paths(scim.get("/Groups").body["Resources"][0]) <= names(documents[GROUP]["attributes"]) | common


@pytest.mark.rfc("7643", "2.2")
def test_only_what_is_published_as_required_is_needed(scim: Scim) -> None:
    for urn, path in ((CORE, "/Users"), (GROUP, "/Groups")):
        required = [
            attribute["name"]
            for attribute in schemas(scim)[urn]["attributes"]
            if attribute["required"] and attribute["mutability"] != "readOnly"
        ]
        if urn == CORE:
            required.remove("active")  # always there, because it is true when nobody says so
        whole = {"schemas": [urn], **dict.fromkeys(required, "x")}
        assert scim.post(whole, path).status == 201
        for name in required:
            without = {key: value for key, value in whole.items() if key != name}
            assert scim.post(without, path).error == (400, "invalidValue")


@pytest.mark.rfc("7643", "8.1")
def test_a_person_may_be_no_more_than_a_name(scim: Scim) -> None:
    body = scim.post({"schemas": [CORE], "userName": "bjensen"}).body

    assert body.keys() == {"schemas", "id", "userName", "active", "meta"}
    assert body["schemas"] == [CORE]
    assert body["active"] is True


@pytest.mark.rfc("7643", "8.4")
def test_a_group_shows_who_is_in_it_and_where_to_find_them(scim: Scim, alice: PrintUser) -> None:
    inner = scim.create_group("Interns")
    body = scim.create_group("Staff", str(alice.pk), inner.id).body

    assert sorted(body["members"], key=lambda member: member["type"], reverse=True) == [
        {
            "value": str(alice.pk),
            "$ref": scim.user(alice.pk).headers["Location"],
            "display": "Alice Adams",
            "type": "User",
        },
        {"value": inner.id, "$ref": inner.headers["Location"], "display": "Interns", "type": "Group"},
    ]


@pytest.mark.rfc("7643", "5")
@pytest.mark.rfc("7644", "4")
def test_the_service_announces_what_it_does(scim: Scim) -> None:
    config = scim.get("/ServiceProviderConfig").body

    assert config["schemas"] == [CONFIG]
    assert config["meta"]["resourceType"] == "ServiceProviderConfig"
    assert config["meta"]["location"].endswith(f"{scim.base}/ServiceProviderConfig")
    for feature in ("patch", "bulk", "filter", "sort", "etag"):
        assert config[feature]["supported"] is True, feature
    assert config["changePassword"] == {"supported": False}
    assert [scheme["type"] for scheme in config["authenticationSchemes"]] == ["oauthbearertoken"]
    assert config["authenticationSchemes"][0]["primary"]


@pytest.mark.rfc("7643", "5")
def test_a_list_is_never_longer_than_announced(scim: Scim, installation: Installation) -> None:
    most = scim.get("/ServiceProviderConfig").body["filter"]["maxResults"]
    crowd(installation, most + 1)

    answer = scim.get(f"/Users?count={most + 1}&attributes=id").body

    assert (answer["totalResults"], answer["itemsPerPage"]) == (most + 1, most)


@pytest.mark.rfc("7643", "6")
@pytest.mark.rfc("7644", "4")
def test_every_resource_type_names_an_endpoint_and_schemas_that_are_there(scim: Scim) -> None:
    documents = schemas(scim)
    types = scim.get("/ResourceTypes").body

    assert types["totalResults"] == len(types["Resources"]) == 2
    for described in types["Resources"]:
        assert described["schemas"] == [RESOURCE_TYPE]
        assert scim.get(described["endpoint"]).status == 200
        urns = [described["schema"], *(each["schema"] for each in described.get("schemaExtensions", []))]
        assert set(urns) <= documents.keys()
    assert [each["endpoint"] for each in types["Resources"]] == ["/Users", "/Groups"]


@pytest.mark.rfc("7644", "4")
def test_one_document_is_what_the_list_shows_of_it(scim: Scim) -> None:
    for endpoint in ("Schemas", "ResourceTypes"):
        listed = scim.get(f"/{endpoint}").body
        assert listed["totalResults"] == listed["itemsPerPage"] == len(listed["Resources"])
        for document in listed["Resources"]:
            answer = scim.get(f"/{endpoint}/{document['id']}")
            assert answer.body == document
            assert document["meta"]["location"].endswith(f"{scim.base}/{endpoint}/{document['id']}")
        assert scim.get(f"/{endpoint}/nothing").status == 404
    assert all(document["schemas"] == [SCHEMA] for document in schemas(scim).values())


@pytest.mark.rfc("7644", "4")
@pytest.mark.parametrize("path", ["/Schemas", "/ResourceTypes", "/ServiceProviderConfig", "/Schemas/x"])
def test_what_is_described_cannot_be_filtered(scim: Scim, path: str) -> None:
    assert scim.get(f"{path}?filter=id+eq+%22x%22").status == 403


@pytest.mark.rfc("7644", "4")
@pytest.mark.parametrize("path", ["/Schemas", "/ResourceTypes"])
def test_paging_and_sorting_of_what_is_described_are_ignored(scim: Scim, path: str) -> None:
    assert scim.get(f"{path}?startIndex=2&count=1&sortBy=id").body == scim.get(path).body
