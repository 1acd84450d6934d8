"""A recorder to push to, a client on it, and a directory of one."""

from collections.abc import Iterator

import pytest

from scim_sync.rehearsal.client import Client
from scim_sync.rehearsal.directory import Directory, User
from tests.scim_sync.rehearsal.recorder import TOKEN, Recorder, running


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with running() as server:
        yield server


@pytest.fixture
def client(recorder: Recorder) -> Iterator[Client]:
    with Client(recorder.url, TOKEN) as client:
        yield client


@pytest.fixture
def flagged(recorder: Recorder) -> Iterator[Client]:
    with Client(f"{recorder.url}?aadOptscim062020", TOKEN) as client:
        yield client


@pytest.fixture
def directory() -> Directory:
    directory = Directory()
    directory.put(ada())
    return directory


def ada(**attributes: str) -> User:
    """Ada of the documented samples."""
    known = {
        "userPrincipalName": "ada@contoso.com",
        "displayName": "Ada Byron",
        "mail": "ada@contoso.com",
        "mailNickname": "ada",
        "givenName": "Ada",
        "surname": "Byron",
        "telephoneNumber": "1234",
        "department": "IT",
        "employeeId": "42",
    }
    return User("object-ada", known | attributes)
