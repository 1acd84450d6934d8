"""What holds for every step: found by its file, with all its words, through the services."""

import ast
import inspect
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import translation

from demo.cupsd import PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import checks, steps
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.checks import check_steps
from printmgmt.deprovisioning.models import Trigger
from printmgmt.deprovisioning.steps.base import Step
from printmgmt.organizations.models import Organization
from printmgmt.people.devices import connect_device
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.held_jobs import HoldJobs
from tests.printmgmt.equipment import equipped
from tests.printmgmt.printing import equipment

BY = factories.TESTER


def test_every_file_is_a_step_and_what_protects_comes_first() -> None:
    assert [step.name for step in steps.STEPS][:2] == ["close-queues", "end-device-connections"]
    assert {type(step).__module__ for step in steps.STEPS} == set(steps.STEP_FILES)
    assert check_steps(None) == []


def test_what_destroys_comes_last() -> None:
    assert [step.irreversible for step in steps.STEPS] == sorted(step.irreversible for step in steps.STEPS)


@pytest.mark.parametrize("trigger", list(Trigger))
def test_evidence_names_nobody(trigger: Trigger, contoso: Organization) -> None:
    ada = equipped(contoso)
    ada.person.display_name = "Ada Lovelace"
    ada.person.save()
    run = factories.leaver(contoso, trigger, who=ada.person)
    with time_machine.travel(leaving.grace_until(run) + timedelta(minutes=1)):
        perform_due()

    evidence = str(list(run.steps.values_list("evidence", flat=True)))
    for name in ("Ada", ada.person.user_name, ada.card, ada.pin):
        assert name
        assert name not in evidence
    assert ada.card not in str(list(AuditEvent.objects.values_list("details", flat=True)))


@pytest.mark.parametrize("step", steps.STEPS, ids=lambda step: step.name)
def test_every_key_that_a_step_notes_has_its_words(step: Step) -> None:
    assert set(noted_keys(source_of(step))) <= {"found", *step.evidence_words}


def test_every_key_that_real_runs_record_has_its_words_in_both_languages(
    contoso: Organization, cups: PrivateCups
) -> None:
    cups.add_queue("front", stopped=True)
    equipment.operated(contoso, cups)
    recorded: dict[str, dict[str, Any]] = defaultdict(dict)
    for trigger in Trigger:
        ada = equipped(contoso)
        cups.submit("front", ada.person.user_name)
        connect_device(contoso, ada.token)
        run = factories.leaver(contoso, trigger, who=ada.person)
        with time_machine.travel(leaving.grace_until(run) + timedelta(minutes=1)):
            perform_due(run_id=run.pk)
        for row in run.steps.all():
            recorded[row.name] |= row.evidence

    for name, evidence in recorded.items():
        # A leaver of whom a step finds nothing proves nothing.
        assert any(value for key, value in evidence.items() if key != "found"), (
            f"{name}: give the leaver something to find in tests/printmgmt/equipment.py"
        )
        assert evidence.keys() <= {"found", *steps.STEP_BY_NAME[name].evidence_words}, name
        for key, value in evidence.items():
            english = steps.step_words(name, {key: value})
            with translation.override("fr"):
                french = steps.step_words(name, {key: value})
            # What was found is told by the other keys; "Mail <id>" is the same in both languages.
            assert key == "found" or english, key
            assert key == "message_id" or set(english).isdisjoint(french), key
    assert recorded.keys() == steps.STEP_BY_NAME.keys()


@pytest.mark.parametrize("step", steps.STEPS, ids=lambda step: step.name)
def test_a_step_changes_rows_through_the_services(step: Step) -> None:
    assert [f"line {node.lineno}: {ast.unparse(node)}" for node in writes(source_of(step))] == []


def source_of(step: Step) -> ast.Module:
    return ast.parse(inspect.getsource(sys.modules[type(step).__module__]))


def noted_keys(tree: ast.AST) -> Iterator[str]:
    """Literal keys in `evidence["found"] = …` and `evidence |= {"found": …}`."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(
                targets=[ast.Subscript(value=ast.Name(id="evidence"), slice=ast.Constant(value=str(key)))]
            ):
                yield key
            case ast.AugAssign(target=ast.Name(id="evidence"), value=ast.Dict(keys=keys)):
                yield from (str(key.value) for key in keys if isinstance(key, ast.Constant))


def writes(tree: ast.AST) -> Iterator[ast.Call]:
    """Calls that write rows without a service."""
    names = {"save", "delete", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        # A dictionary's update() takes a dictionary, a queryset's keywords.
        if node.func.attr in names or (node.func.attr == "update" and node.keywords):
            yield node


def test_a_step_that_forgets_its_words_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    class Mute(HoldJobs):
        label = ""
        evidence_words = {}

    class Idle(Step):
        name = "wipe-credentials"
        label = "Idle"
        triggers = frozenset(Trigger)
        evidence_words = {"idle": lambda value: [str(value)]}

    monkeypatch.setattr(checks, "STEPS", (*steps.STEPS, Mute(), Idle()))

    assert [(message.id, message.msg) for message in check_steps(None)] == [
        ("deprovisioning.E002", "Two steps are called “wipe-credentials”."),
        ("deprovisioning.E001", "The step Mute must set or implement label, evidence_words."),
        ("deprovisioning.E001", "The step Idle must set or implement targets, act, verify."),
        ("deprovisioning.E002", "Two steps are called “wipe-credentials”."),
    ]


def test_a_file_without_a_step_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    file = "printmgmt.deprovisioning.steps.fax_the_porter"
    monkeypatch.setattr(checks, "STEP_FILES", (*steps.STEP_FILES, file))

    assert [(message.id, message.msg) for message in check_steps(None)] == [
        ("deprovisioning.E003", f"{file} holds no Step.")
    ]
