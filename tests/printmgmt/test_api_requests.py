"""Which middleware a request goes through, by the root of its path."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.module_loading import import_string

from printmgmt.api_requests import ApiMiddleware

pytestmark = pytest.mark.django_db

ALL = ["RequestIdMiddleware", "SecurityMiddleware", "ApiMiddleware"]
API = [*ALL, "CSPMiddleware", "CommonMiddleware", "XFrameOptionsMiddleware"]
CONSOLE = [
    *ALL,
    "WhiteNoiseMiddleware",
    "CSPMiddleware",
    "SessionMiddleware",
    "LocaleMiddleware",
    "CommonMiddleware",
    "CsrfViewMiddleware",
    "AuthenticationMiddleware",
    "AccountLanguageMiddleware",
    "NoStoreMiddleware",
    "LoginRequiredMiddleware",
    "middleware",  # allauth's, a function
    "MessageMiddleware",
    "XFrameOptionsMiddleware",
    "HtmxMiddleware",
]


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The middleware that requests of this test went through, in their order."""
    names: list[str] = []

    def note(name: str, call: Any) -> Any:
        def noted(*args: Any) -> Any:
            names.append(name)
            return call(*args)

        return noted

    for path in {*settings.MIDDLEWARE, *settings.API_MIDDLEWARE}:
        middleware = import_string(path)
        if isinstance(middleware, type):
            monkeypatch.setattr(middleware, "__call__", note(middleware.__name__, middleware.__call__))
        else:
            module, _dot, name = path.rpartition(".")
            made = import_string(path)
            monkeypatch.setattr(
                f"{module}.{name}", lambda respond, made=made: note("middleware", made(respond))
            )
    return names


@pytest.mark.parametrize("path", ["/scim/v2/x/Users", "/scim/", "/oauth/x/token", "/scim/v2/x/Users?a=b"])
def test_requests_of_programs_go_past_the_console(passed: list[str], path: str) -> None:
    Client().get(path)

    assert passed == API


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/healthz",
        "/api/v1/",
        "/station/",
        "/receipts/",
        "/host/",
        "/o/x/",
        "/scim",
        "/x/scim/",
        "/Scim/",
    ],
)
def test_everything_else_goes_through_the_console(passed: list[str], path: str) -> None:
    Client().get(path)

    assert passed == CONSOLE


@pytest.mark.parametrize("path", ["/scim/v2/x/Users", "/scim/", "/oauth/x/token", "/oauth/"])
def test_answers_to_programs_have_the_headers_of_pages(path: str) -> None:
    answer, page = Client().get(path), Client().get("/o/x/")

    headers = set(page.headers) - {"Location", "Vary", "Content-Language"}
    assert headers <= set(answer.headers)
    assert {"X-Request-ID", "X-Frame-Options", "X-Content-Type-Options", "Content-Length"} <= headers
    assert {"Content-Security-Policy", "Referrer-Policy", "Cross-Origin-Opener-Policy"} <= headers
    assert not answer.cookies


def test_a_program_gets_the_same_words_whatever_page_the_thread_showed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    languages: list[str | None] = []

    class Listening:
        """Notes the language of each request."""

        def __init__(self, respond: Any) -> None:
            self.respond = respond

        def __call__(self, request: Any) -> Any:
            languages.append(translation.get_language())
            return self.respond(request)

    monkeypatch.setattr(f"{__name__}.Middleware", Listening, raising=False)
    monkeypatch.setattr(settings, "API_MIDDLEWARE", [f"{__name__}.Middleware"])
    with translation.override("fr"):
        Client().get("/scim/", headers={"Accept-Language": "fr"})

    assert languages == ["en"]


def test_what_comes_after_is_left_out_and_nothing_before() -> None:
    """What programs need, too, stands before ApiMiddleware or in API_MIDDLEWARE."""
    before = settings.MIDDLEWARE[: settings.MIDDLEWARE.index(f"{ApiMiddleware.__module__}.ApiMiddleware")]

    assert [name.rpartition(".")[2] for name in before] == ALL[:-1]
    for name in settings.API_MIDDLEWARE:
        assert not any(hasattr(import_string(name), f"process_{hook}") for hook in ("view", "exception"))
