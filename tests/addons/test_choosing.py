"""Which installation a command means, by name or id; with several it must be said."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from addons.choosing import choose_installation
from addons.exceptions import NotChosen
from addons.models import Installation
from addons.services import get_addon, install
from printmgmt.organizations.models import Organization
from tests import factories

pytestmark = pytest.mark.django_db

SYNC = get_addon(factories.ADDON)


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


def added(of: Organization, name: str) -> Installation:
    return install(of, SYNC, by=factories.TESTER, name=name)


def credentials(**options: object) -> dict[str, str]:
    out = StringIO()
    call_command("scim_credentials", method="client-credentials", stdout=out, **options)
    answer: dict[str, str] = json.loads(out.getvalue())
    return answer


def test_the_only_one_need_not_be_named(contoso: Organization) -> None:
    paris = added(contoso, "Paris")
    added(factories.organization("Fabrikam"), "Lyon")

    assert choose_installation(contoso, SYNC) == paris
    answer = credentials(organization=contoso.slug)
    assert str(paris.pk) in answer["tenant_url"]


def test_one_of_several_is_named_in_any_letter_case_or_by_its_id(contoso: Organization) -> None:
    paris, lyon = added(contoso, ""), added(contoso, "Lyon")
    contoso = Organization.objects.get(pk=contoso.pk)

    assert choose_installation(contoso, SYNC, " LYON ") == lyon
    assert choose_installation(contoso, SYNC, "Microsoft Azure AD User Sync") == paris
    assert choose_installation(contoso, SYNC, str(paris.pk).upper()) == paris
    answer = credentials(organization=contoso.slug, installation="lyon")
    assert str(lyon.pk) in answer["token_endpoint"]
    assert str(paris.pk) in credentials(installation=str(paris.pk))["tenant_url"]


@pytest.mark.parametrize("name", ["", "Nice", "8a1b6f6e-3f0e-4b6c-9a57-0d1c7f6a2e11"])
def test_without_a_name_that_fits_all_are_listed(contoso: Organization, name: str) -> None:
    paris, lyon = added(contoso, "Paris"), added(contoso, "Lyon")
    there = rf"'Paris' \({paris.pk}\) and 'Lyon' \({lyon.pk}\)"

    with pytest.raises(CommandError, match=there):
        credentials(organization=contoso.slug, installation=name)
    assert not lyon.tokens.exists()


def test_the_install_command_lists_those_it_could_mean(contoso: Organization) -> None:
    paris, lyon = added(contoso, "Paris"), added(contoso, "Lyon")

    for more in ((), ("--set", "keep_events_days=7")):
        with pytest.raises(CommandError, match=rf"{paris.pk}.*'Lyon' \({lyon.pk}\)"):
            call_command("install_addon", factories.ADDON, "--organization", contoso.slug, *more)
    assert contoso.installations.count() == 2


def test_what_is_not_there_is_said(contoso: Organization) -> None:
    with pytest.raises(NotChosen, match="is not installed in 'contoso"):
        choose_installation(contoso, SYNC, "Lyon")
    with pytest.raises(CommandError, match="no organization 'nowhere'"):
        credentials(organization="nowhere")
    with pytest.raises(CommandError, match="--installation, or --organization"):
        credentials()
