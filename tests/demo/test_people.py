"""The invented people are in the portal's format, and awkward enough."""

import csv
import unicodedata
from collections import Counter

import pytest

from demo.changes import ACTS, DOMAIN, EQUIPPED
from demo.expected import read_people, user_name
from demo.walk import PEOPLE
from scim_sync.rehearsal.directory import load_csv

# The header of the file that the Entra portal writes: "Users > Download users".
PORTAL_HEADER = (
    "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled,"
    "usageLocation,streetAddress,state,country,officeLocation,city,postalCode,telephoneNumber,mobilePhone,"
    "alternateEmailAddress,ageGroup,consentProvidedForMinor,legalAgeGroupClassification,companyName,creationType,"
    "directorySynced,invitationState,identityIssuer,createdDateTime"
)


def test_header_is_the_portals_and_a_few_columns_more() -> None:
    with PEOPLE.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert header[:29] == PORTAL_HEADER.split(",")
    assert header[29:] == ["mailNickname", "employeeId", "preferredLanguage", "manager"]


def test_names_and_ids_are_distinct_even_when_folded() -> None:
    rows = read_people(PEOPLE)
    names = Counter(unicodedata.normalize("NFKC", user_name(row)).casefold() for row in rows)
    assert len(rows) == 204
    assert [name for name, count in names.items() if count > 1] == []
    assert len({row["id"] for row in rows}) == 204


@pytest.mark.parametrize(
    "mark", ["'", "’", '"', "\\", "+", "#", "&", "%", "<", "İ", "ı", "ß", "ü", "田", "２", "ن"]
)
def test_some_name_has_the_awkward_character(mark: str) -> None:
    assert any(mark in row["userPrincipalName"] + row["displayName"] for row in read_people(PEOPLE))


def test_awkward_kinds_of_people_are_there() -> None:
    rows = read_people(PEOPLE)
    names = [row["userPrincipalName"] for row in rows]
    assert any(name != unicodedata.normalize("NFC", name) for name in names)
    assert any(name != name.casefold() for name in names)
    assert any(len(row["displayName"]) > 60 for row in rows)
    assert any(row["displayName"].startswith("=") for row in rows)
    assert any(row["mail"] == "" for row in rows)
    assert any(row["accountEnabled"] == "False" for row in rows)
    assert any("\n" in row["streetAddress"] for row in rows)
    assert {row["userType"] for row in rows if "#EXT#" in row["userPrincipalName"]} == {"Guest"}


def test_addresses_are_of_domains_that_cannot_exist() -> None:
    for row in read_people(PEOPLE):
        for address in (row["userPrincipalName"], row["mail"]):
            assert not address or address.casefold().endswith((".example", ".onmicrosoft.com"))


def test_everybody_in_the_script_is_in_the_file() -> None:
    names = {row["userPrincipalName"] for row in read_people(PEOPLE)}
    managers = {change.values["manager"] for act in ACTS for change in act if "manager" in change.values}
    assert {change.who for act in ACTS for change in act} | set(EQUIPPED) | managers <= names
    assert len(set(EQUIPPED)) == 20
    assert "ada" + DOMAIN in EQUIPPED


def test_rehearsal_reads_the_file() -> None:
    directory = load_csv(PEOPLE)
    assert len(directory.users) == 204
    assert (
        directory.by_upn("o'malley.finn" + DOMAIN).manager_id
        == directory.by_upn("joost.zeekant" + DOMAIN).object_id
    )
