"""A printed receipt is one A4 page, whatever the names, however many print servers: as Chromium prints it."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser

from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, StepState, Trigger
from printmgmt.deprovisioning.receipts.making import make_receipt
from printmgmt.organizations.models import Organization
from tests import factories
from tests.conftest import Server

LONG_NAME = "Maximiliana Konstantinopel von und zu Hohenstein-Württemberg-Kaltenbrunner " * 3
LONG_SERVER = "Print server of the building at Kurfürstendammstraße in the city of Berlin-Charlottenburg"

AT = "2026-11-29T13:34:34.685457+00:00"


def evidence(jobs: int) -> Mapping[str, dict[str, Any]]:
    """What each step on a print server noted about so many jobs."""
    held = [
        {"at": AT, "job": n, "until": "no-hold", "printer": "follow-me"} for n in range(1000, 1000 + jobs)
    ]
    read = {"at": AT, "open": 18}
    tried = {"queues": 3, "refused": 6, "unknown": 0, "accepted": 0}
    closed = {"at": AT, "more": 0, "names": 2, "queues": ["aside", "follow-me", "hall"], "after_ms": 1088}
    return {
        "close-queues": {"tried": tried, "closed": closed},
        "hold-jobs": {"held": held, "read": read, "holds": "stay", "names": "believed"},
        "cancel-jobs": {},
    }


def left(of: Organization, servers: int, *, jobs: int = 2, unreached: int = 0) -> DeprovisionRun:
    """A run with a receipt. At the first ``unreached`` servers nothing could be held."""
    run = factories.leaver(of, Trigger.REMOVED, who=factories.person(of, display_name=LONG_NAME.strip()))
    run.steps.filter(name__in=evidence(0)).delete()
    run.steps.filter(state=StepState.PENDING, immediate=True).update(
        state=StepState.DONE, ended_at=run.cut_at + timedelta(seconds=1)
    )
    for name, noted in evidence(jobs).items():
        for number in range(servers):
            dated, failed = name == "cancel-jobs", name == "hold-jobs" and number < unreached
            DeprovisionStep.objects.create(
                organization=of,
                run=run,
                name=name,
                target_kind="print-server",
                target_id=str(number),
                target_label=f"{LONG_SERVER} {number}",
                immediate=not dated,
                state=StepState.PENDING if dated else StepState.ATTENTION if failed else StepState.DONE,
                due_at=run.cut_at + timedelta(days=7 if dated else 0),
                ended_at=None if dated or failed else run.cut_at + timedelta(seconds=2),
                error="The print server cannot be reached now." if failed else "",
                evidence=noted,
            )
    made = make_receipt(run.pk)
    assert made is not None
    return run


@pytest.mark.django_db(transaction=True)
def test_a_receipt_is_printed_on_one_page(server: Server, browser: Browser) -> None:
    contoso = factories.organization("Contoso")
    runs = {
        "no server": left(contoso, 0),
        "one server": left(contoso, 1),
        "three servers": left(contoso, 3),
        "five servers": left(contoso, 5),
        "forty servers": left(contoso, 40),
        "forty, some away": left(contoso, 40, unreached=11),
        "a thousand jobs": left(contoso, 2, jobs=1000),
    }
    context = browser.new_context(base_url=server.url)
    session = factories.signed_in(contoso).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}])
    page = context.new_page()
    pages = {}
    for name, run in runs.items():
        page.goto(reverse("console:receipt", args=[contoso.slug, run.pk]))
        pages[name] = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
    context.close()

    assert pages == dict.fromkeys(runs, 1)


@pytest.mark.django_db
def test_on_paper_what_is_left_to_do_is_named_and_the_screen_has_each_target(contoso: Organization) -> None:
    run = left(contoso, 40, unreached=11)
    url = reverse("console:receipt", args=[contoso.slug, run.pk])

    page = factories.signed_in(contoso).get(url)

    together = {(line.name, line.state): line for line in page.context["paper"] if line.targets > 1}
    assert {key: line.targets for key, line in together.items()} == {
        ("close-queues", "done"): 40,
        ("hold-jobs", "done"): 29,
        ("hold-jobs", "attention"): 11,
        ("cancel-jobs", "pending"): 40,
    }
    assert together["hold-jobs", "attention"].target.startswith("11 targets: Print server of the")
    assert together["hold-jobs", "attention"].problem == "The print server cannot be reached now."
    assert together["hold-jobs", "done"].seconds == 2.0
    assert any("believes the name a client states" in word for word in together["hold-jobs", "done"].words)
    assert len(page.context["steps"]) > 120
    assert page.content.decode().count(LONG_SERVER) >= 120


@pytest.mark.django_db
def test_a_usual_run_is_printed_as_it_is_shown(contoso: Organization) -> None:
    run = left(contoso, 1)

    page = factories.signed_in(contoso).get(reverse("console:receipt", args=[contoso.slug, run.pk]))

    assert page.context["paper"] is None
    assert "receipt-on-paper" not in page.content.decode()
