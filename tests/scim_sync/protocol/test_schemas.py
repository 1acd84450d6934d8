"""The published documents: what RFC 7643 asks of them, what Azure's validators read out of them."""

from collections.abc import Iterator
from typing import Any

import pytest

from scim_sync.protocol import limits, schemas
from scim_sync.protocol.attributes import GROUP, USER
from scim_sync.protocol.errors import SECRET_NAMES
from scim_sync.protocol.schemas.models import model_of
from tests.scim_sync.protocol.helpers import CORE, ENTERPRISE, PRINTMGMT


def _described(attributes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for attribute in attributes:
        yield attribute
        yield from _described(attribute.get("subAttributes", []))


def _document(urn: str) -> dict[str, Any]:
    return next(document for document in schemas.schema_documents() if document["id"] == urn)


@pytest.mark.rfc("7643", "7")
@pytest.mark.parametrize("document", schemas.schema_documents(), ids=lambda document: document["name"])
def test_each_attribute_states_its_characteristics(document):
    for attribute in _described(document["attributes"]):
        needed = {"name", "type", "multiValued", "description", "required", "mutability", "returned"}
        if attribute["type"] not in ("complex", "boolean"):
            needed |= {"caseExact", "uniqueness"}
        if attribute["type"] == "reference":
            needed |= {"referenceTypes"}
        assert needed <= attribute.keys(), attribute["name"]


@pytest.mark.parametrize("name", ["password", "photos", "x509Certificates"])
def test_what_is_not_stored_is_not_published(name):
    assert name not in [attribute["name"] for attribute in _document(CORE)["attributes"]]


@pytest.mark.parametrize(
    ("attribute", "types"),
    [
        ("emails", {"work", "home", "other"}),
        ("phoneNumbers", {"work", "home", "mobile", "fax", "other"}),
        ("addresses", {"work", "home", "other"}),
    ],
)
def test_types_have_the_canonical_values_azure_derives_its_targets_from(attribute, types):
    described = next(item for item in _document(CORE)["attributes"] if item["name"] == attribute)
    type_ = next(item for item in described["subAttributes"] if item["name"] == "type")
    assert types <= set(type_["canonicalValues"])


@pytest.mark.parametrize("name", ["cardNumber", "pin"])
def test_card_and_pin_are_taken_and_never_returned(name):
    described = next(item for item in _document(PRINTMGMT)["attributes"] if item["name"] == name)
    assert (described["mutability"], described["returned"]) == ("writeOnly", "never")


def test_every_write_only_attribute_is_a_secret_for_error_details():
    written = {attribute.name.lower() for attribute in USER.walk() if attribute.write_only}
    assert written <= SECRET_NAMES
    assert written == {"cardnumber", "pin"}


def test_documents_are_copies_so_that_a_caller_may_add_to_them():
    schemas.schema_documents()[0]["attributes"].clear()
    assert schemas.schema_documents()[0]["attributes"]


@pytest.mark.rfc("7643", "3.3")
def test_models_carry_the_extensions_of_their_resource_type():
    assert set(model_of("User").get_extension_models()) == {ENTERPRISE, PRINTMGMT}
    assert model_of("Group").get_extension_models() == {}


def test_service_provider_config_announces_the_limits_that_are_kept():
    config = schemas.service_provider_config()
    assert config["bulk"]["maxOperations"] == limits.MAX_BULK_OPERATIONS
    assert config["bulk"]["maxPayloadSize"] == limits.MAX_BULK_BODY_BYTES
    assert config["filter"]["maxResults"] == limits.MAX_PAGE
    assert config["pagination"]["defaultPageSize"] == limits.DEFAULT_PAGE
    assert config["pagination"]["maxPageSize"] == limits.MAX_PAGE


@pytest.mark.rfc("7644", "3.10")
@pytest.mark.rfc("7643", "2.1")
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("userName", "userName"),
        ("USERNAME", "userName"),
        ("name.GivenName", "name.givenName"),
        ("emails.value", "emails.value"),
        ("externalid", "externalId"),
        ("meta.lastmodified", "meta.lastModified"),
        (f"{CORE}:name.familyName", "name.familyName"),
        (ENTERPRISE, ENTERPRISE),
        (f"{ENTERPRISE}:department", f"{ENTERPRISE}:department"),
        (f"{ENTERPRISE.upper()}:MANAGER.value", f"{ENTERPRISE}:manager.value"),
        (f"{PRINTMGMT}:pin", f"{PRINTMGMT}:pin"),
    ],
)
def test_names_are_found_in_any_spelling(name, path):
    found = USER.find(name)
    assert found is not None
    assert found.path == path


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "password",
        "department",
        "name.nick",
        "userName.value",
        "name.givenName.x",
        "emails[0]",
        "urn:x:User:userName",
        f"{ENTERPRISE}:nosuch",
        f"{ENTERPRISE}:",
        "__class__",
        "urn:",
    ],
)
def test_unknown_names_are_not_found(name):
    assert USER.find(name) is None


def test_group_has_members_and_no_extension():
    members = GROUP.find("members.value")
    assert members is not None
    assert GROUP.extensions == {}


@pytest.mark.rfc("7643", "7")
def test_schemas_are_described_in_the_words_of_the_rfc():
    described = {document["id"]: document["description"] for document in schemas.schema_documents()}
    assert described.pop(PRINTMGMT)
    assert described == {CORE: "User Account", GROUP.schema: "Group", ENTERPRISE: "Enterprise User"}
    types = {document["name"]: document["description"] for document in schemas.resource_type_documents()}
    assert types == {"User": "User Account", "Group": "Group"}
