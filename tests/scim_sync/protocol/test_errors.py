"""Error bodies of RFC 7644 §3.12 and what the libraries raise turned into them."""

import pytest
from django_scim.exceptions import SCIMException
from pydantic import ValidationError
from scim2_models import MutabilityException, PathNotFoundException, PreconditionFailedException

from scim_sync.protocol import errors
from scim_sync.protocol.library_errors import from_library
from scim_sync.protocol.schemas.models import model_of


@pytest.mark.rfc("7644", "3.12")
def test_body_carries_status_as_a_string():
    assert errors.Uniqueness("userName: 'ada' is taken").to_dict() == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": "409",
        "scimType": "uniqueness",
        "detail": "userName: 'ada' is taken",
    }


def test_body_without_type_has_no_scim_type():
    assert errors.NotFound("no such person").to_dict() == errors.error_body(404, "no such person")
    assert "scimType" not in errors.error_body(404, "no such person")


@pytest.mark.rfc("7644", "3.12")
@pytest.mark.parametrize(
    "raised",
    [
        errors.InvalidFilter,
        errors.InvalidPath,
        errors.InvalidSyntax,
        errors.InvalidValue,
        errors.Mutability,
        errors.NoTarget,
        errors.TooMany,
        errors.Uniqueness,
    ],
)
def test_status_of_each_typed_error_is_the_one_of_the_table(raised):
    error = raised("x")
    assert isinstance(error, SCIMException)
    assert error.status == errors.STATUSES[error.scim_type]


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        (errors.Forbidden, 403),
        (errors.NotFound, 404),
        (errors.PreconditionFailed, 412),
        (errors.PayloadTooLarge, 413),
        (errors.NotImplementedHere, 501),
    ],
)
def test_status_of_each_untyped_error(raised, status):
    assert (raised("x").status, raised("x").scim_type) == (status, None)


def test_status_and_type_can_be_given():
    error = errors.ScimError("x", status=429, scim_type="tooMany")
    assert (error.status, error.scim_type) == (429, "tooMany")


@pytest.mark.parametrize(
    ("raised", "status", "scim_type", "detail"),
    [
        (
            MutabilityException(attribute="userName", detail="required attribute cannot be removed"),
            400,
            "mutability",
            "userName: required attribute cannot be removed",
        ),
        (
            MutabilityException(attribute="id", detail="'id' is read-only"),
            400,
            "mutability",
            "'id' is read-only",
        ),
        (PathNotFoundException(path="a.b", detail="no b"), 400, "invalidPath", "a.b: no b"),
        (PreconditionFailedException(detail="changed"), 412, None, "changed"),
    ],
)
def test_library_exception_keeps_status_and_type_and_names_the_attribute(raised, status, scim_type, detail):
    error = from_library(raised)
    assert (error.status, error.scim_type, error.detail) == (status, scim_type, detail)


def test_validation_error_names_the_place_and_hides_the_input():
    with pytest.raises(ValidationError) as caught:
        model_of("User").model_validate({"userName": "ada", "name": {"givenName": ["s3cret"]}})
    error = from_library(caught.value)
    assert (error.status, error.scim_type) == (400, "invalidValue")
    assert error.detail.startswith("name.givenName: ")
    assert "s3cret" not in error.detail


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "'x'"),
        ("a\nb", "'a\\nb'"),
        (True, "true"),
        (None, "null"),
        (5, "5"),
        ({"a": 1}, "an object"),
        ([1, 2], "a list of 2"),
    ],
)
def test_shown_values_stay_on_one_line(value, text):
    assert errors.shown(value) == text


def test_long_values_are_cut_in_details():
    assert len(errors.shown("x" * 5000)) < 120
    assert len(errors.InvalidValue("y" * 5000).detail) <= 1000


@pytest.mark.parametrize(
    "path",
    [
        "pin",
        "PIN",
        "urn:ietf:params:scim:schemas:extension:printmgmt:2.0:User:cardNumber",
        "urn%3aietf%3Aparams%3Ascim%3Aschemas%3Aextension%3Aprintmgmt%3A2.0%3AUser%3Apin",
        "password",
    ],
)
def test_secrets_are_known_by_any_path(path):
    assert errors.is_secret(path)


@pytest.mark.parametrize("path", ["userName", "emails.value", "pinboard"])
def test_other_paths_are_no_secrets(path):
    assert not errors.is_secret(path)


def test_unquoted_literals_of_a_path_are_not_repeated():
    assert errors.without_literals("pin[value eq 1234].x or y SW ab\\c") == 'pin[value eq "…"].x or y SW "…"'


def test_literals_of_a_path_are_not_repeated():
    assert errors.without_literals('x[pin eq "12\\"34" and y eq "z') == 'x[pin eq "…" and y eq "…"'
