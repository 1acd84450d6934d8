"""The LogicApp validation's 7 tests of users through an Entra job: our rehearsal of Azure, over real HTTP.

Each runs twice: in the form the service sends by default, and with `aadOptscim062020`. Restoring a user has
two forms, and the validation says which one it saw; here it sees both.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings

from scim_sync.rehearsal.client import Client
from scim_sync.rehearsal.directory import Directory
from scim_sync.rehearsal.job import Job
from scim_sync.rehearsal.log import Outcome
from scim_sync.rehearsal.mappings import GALLERY
from tests.scim_sync.client import ENTERPRISE, HttpScim, op
from tests.scim_sync.rehearsal.conftest import ada

ADA = ada().object_id
UPN = ada().get("userPrincipalName")


@pytest.fixture(params=["", "?aadOptscim062020"], ids=["default", "flag"])
def azure(request: pytest.FixtureRequest, http_scim: HttpScim) -> Iterator[Client]:
    with Client(f"{settings.PUBLIC_URL}{http_scim.base}{request.param}", http_scim.token) as client:
        yield client


@pytest.fixture
def job(azure: Client) -> Job:
    """A job over a directory of one that has run its first cycle."""
    directory = Directory()
    directory.put(ada())
    job = Job(directory, azure)
    job.initial_cycle()
    return job


def in_application(scim: HttpScim, name: str = UPN) -> list[dict[str, Any]]:
    """Who has the name in the application."""
    answer = scim.find(f'userName eq "{name}"')
    assert answer.status == 200
    resources: list[dict[str, Any]] = answer.body["Resources"]
    return resources


def cycle(job: Job) -> dict[Outcome, int]:
    """What the next cycle did; nothing in it may fail."""
    job.incremental_cycle()
    assert job.log.failures() == []
    return dict(job.log.counts(job.cycles))


def test_create_user(job: Job, http_scim: HttpScim) -> None:
    assert dict(job.log.counts(1)) == {Outcome.CREATED: 1}
    (user,) = in_application(http_scim)
    assert user["id"] == job.links[ADA].target_id


def test_update_user(job: Job, http_scim: HttpScim) -> None:
    job.directory.edit(ADA, jobTitle="Countess", department="Analysis", mail="ada.king@contoso.com")

    assert cycle(job) == {Outcome.UPDATED: 1}

    (user,) = in_application(http_scim)
    assert (user["title"], user[ENTERPRISE]["department"]) == ("Countess", "Analysis")
    assert user["emails"] == [{"value": "ada.king@contoso.com", "type": "work", "primary": True}]
    job.directory.edit(ADA, jobTitle="Countess")
    assert cycle(job) == {Outcome.SKIPPED: 1}, "what was written reads as it was written"


def test_disable_user(job: Job, http_scim: HttpScim) -> None:
    job.directory.enable(ADA, enabled=False)

    assert cycle(job) == {Outcome.DISABLED: 1}

    (user,) = in_application(http_scim)
    assert user["active"] is False


def test_delete_user(job: Job, http_scim: HttpScim) -> None:
    job.directory.delete(ADA)
    cycle(job)
    job.directory.purge(ADA)

    assert cycle(job) == {Outcome.DELETED: 1}

    assert in_application(http_scim) == []


def test_user_update_manager(job: Job, http_scim: HttpScim) -> None:
    for number in ("1", "2"):
        job.directory.put(
            replace(ada(userPrincipalName=f"boss{number}@contoso.com"), object_id=f"boss{number}")
        )
    cycle(job)
    user_id = job.links[ADA].target_id

    for boss in ("boss1", "boss2"):
        job.directory.set_manager(ADA, boss)
        assert cycle(job) == {Outcome.UPDATED: 1}
        manager = http_scim.user(user_id).body[ENTERPRISE]["manager"]
        assert manager["value"] == job.links[boss].target_id

    # The rehearsal sends no cleared values, as the documentation has it; the validation expects one here.
    assert http_scim.patch(user_id, op("Remove", f"{ENTERPRISE}:manager")).status == 200
    assert "manager" not in http_scim.user(user_id).body[ENTERPRISE]


def test_restore_user_by_unassigning_and_reassigning(azure: Client, http_scim: HttpScim) -> None:
    directory = Directory()
    directory.put(ada())
    job = Job(directory, azure, GALLERY)
    job.initial_cycle()

    job.directory.assign(ADA, assigned=False)
    assert cycle(job) == {Outcome.DELETED: 1}
    assert in_application(http_scim) == []

    job.directory.assign(ADA)
    assert cycle(job) == {Outcome.CREATED: 1}
    assert len(in_application(http_scim)) == 1


def test_restore_user_after_a_soft_delete(job: Job, http_scim: HttpScim) -> None:
    (before,) = in_application(http_scim)

    job.directory.assign(ADA, assigned=False)
    assert cycle(job) == {Outcome.DISABLED: 1}
    job.directory.assign(ADA)
    assert cycle(job) == {Outcome.UPDATED: 1}

    (after,) = in_application(http_scim)
    assert {**after, "meta": ...} == {**before, "meta": ...}


def test_provision_user_on_demand(azure: Client, http_scim: HttpScim) -> None:
    directory = Directory()
    directory.put(ada())
    with Client(azure.base_url, http_scim.token) as on_demand:  # ignores the flag
        job = Job(directory, on_demand, workers=1)
        job.initial_cycle()

    assert dict(job.log.counts(1)) == {Outcome.CREATED: 1}
    (user,) = in_application(http_scim)
    # The job finds whom the demand made and has nothing to add.
    regular = Job(directory, azure)
    regular.initial_cycle()
    assert dict(regular.log.counts(1)) == {Outcome.SKIPPED: 1}
    assert regular.links[ADA].target_id == user["id"]
