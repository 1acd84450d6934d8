"""When a receipt is made, what is in it, and that it stays valid."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun, Receipt, StepState
from printmgmt.deprovisioning.receipts.erasing import erase_personal
from printmgmt.deprovisioning.receipts.files import file_of
from printmgmt.deprovisioning.receipts.making import make_due_receipts
from printmgmt.deprovisioning.receipts.verifying import verify_text
from printmgmt.organizations.models import Organization
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.held_jobs import HoldJobs

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def left(of: Organization, hold_jobs: HoldJobs, **fields: str) -> DeprovisionRun:
    ada = factories.person(of, "ada@contoso.example", display_name="Ada Lovelace", **fields)
    hold_jobs.queue(ada.pk, "letter")
    return factories.leaver(of, who=ada)


def newest(run: DeprovisionRun) -> Receipt:
    return run.receipts.order_by("-version")[0]


def valid(receipt: Receipt) -> bool:
    return verify_text(json.dumps(file_of(receipt))).valid


def test_no_receipt_before_the_immediate_steps_are_done(contoso: Organization, hold_jobs: HoldJobs) -> None:
    run = left(contoso, hold_jobs)

    assert make_due_receipts() == 0
    perform_due(run_id=run.pk)
    assert make_due_receipts() == 1

    receipt = newest(run)
    assert (receipt.version, receipt.body["state"], valid(receipt)) == (1, "settled", True)


def test_without_news_there_is_no_second_version(contoso: Organization, hold_jobs: HoldJobs) -> None:
    run = left(contoso, hold_jobs)
    perform_due(run_id=run.pk)
    make_due_receipts()
    DeprovisionRun.objects.update(receipt_due_at=timezone.now())

    assert make_due_receipts() == 0
    assert make_due_receipts() == 0
    assert DeprovisionRun.objects.get(pk=run.pk).receipt_due_at is None


def test_a_dated_step_makes_the_next_version_of_the_chain(contoso: Organization, hold_jobs: HoldJobs) -> None:
    run = left(contoso, hold_jobs)
    perform_due(run_id=run.pk)
    make_due_receipts()

    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=True):
        perform_due(run_id=run.pk)
        assert make_due_receipts() == 1

    first, second = run.receipts.order_by("version")
    assert second.body["previous"] == first.digest
    assert verify_text(json.dumps([file_of(first), file_of(second)])).versions == (1, 2)


def test_a_return_makes_a_version_once_everything_is_undone(
    contoso: Organization, hold_jobs: HoldJobs
) -> None:
    run = left(contoso, hold_jobs)
    perform_due(run_id=run.pk)
    make_due_receipts()

    leaving.restore(run.person, by=factories.TESTER)
    assert make_due_receipts() == 0
    perform_due(run_id=run.pk)
    assert make_due_receipts() == 1

    assert newest(run).body["state"] == "undone"


def test_what_needs_attention_is_listed(contoso: Organization, hold_jobs: HoldJobs) -> None:
    run = left(contoso, hold_jobs)
    perform_due(run_id=run.pk)
    step = run.steps.get(name=HoldJobs.name, target_id="hall")
    run.steps.filter(pk=step.pk).update(state=StepState.ATTENTION, error="The server refused it.")
    DeprovisionRun.objects.update(state="attention", receipt_due_at=timezone.now())

    make_due_receipts()

    body = newest(run).body
    assert body["needs_attention"] == [step.pk]
    assert any("failed" in sentence for sentence in body["statements"])


def test_the_signed_part_names_nobody(contoso: Organization, hold_jobs: HoldJobs) -> None:
    run = left(contoso, hold_jobs, work_email="countess@contoso.example")
    perform_due(run_id=run.pk)
    make_due_receipts()

    receipt = newest(run)
    text = json.dumps(receipt.body).lower()
    assert not [name for name in ("ada@", "lovelace", "countess") if name in text]
    assert receipt.personal["display_name"] == "Ada Lovelace"


def test_erasing_takes_names_and_salt_and_the_signature_stays_valid(
    contoso: Organization, hold_jobs: HoldJobs
) -> None:
    run = left(contoso, hold_jobs)
    perform_due(run_id=run.pk)
    make_due_receipts()
    other = left(factories.organization("Fabrikam"), hold_jobs)
    perform_due(run_id=other.pk)
    make_due_receipts()

    assert erase_personal([run.person_id]) == 1

    receipt = newest(run)
    assert (receipt.personal, receipt.salt) == (None, None)
    verdict = verify_text(json.dumps(file_of(receipt)))
    assert (verdict.valid, verdict.has_names) == (True, False)
    assert newest(other).personal is not None


def test_no_version_after_the_person_was_anonymised(contoso: Organization, hold_jobs: HoldJobs) -> None:
    run = left(contoso, hold_jobs)
    perform_due(run_id=run.pk)
    run.person.__class__.objects.filter(pk=run.person_id).update(
        anonymised_at=timezone.now(), removed_at=timezone.now(), state="anonymised"
    )

    assert make_due_receipts() == 0
    assert not Receipt.objects.exists()


def test_one_that_fails_does_not_stop_the_others(
    contoso: Organization, hold_jobs: HoldJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = left(contoso, hold_jobs)
    other = left(factories.organization("Fabrikam"), hold_jobs)
    for pk in (run.pk, other.pk):
        perform_due(run_id=pk)
    from printmgmt.deprovisioning.receipts import making  # noqa: PLC0415  # to replace a function of it

    real = making.facts_of
    monkeypatch.setattr(making, "facts_of", lambda r, s: 1 / 0 if r.pk == run.pk else real(r, s))

    assert make_due_receipts() == 1
    assert newest(other)
    assert DeprovisionRun.objects.get(pk=run.pk).receipt_due_at > timezone.now()


def test_the_command_says_it_in_json_and_words(
    contoso: Organization, hold_jobs: HoldJobs, tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = left(contoso, hold_jobs)
    perform_due(run_id=run.pk)
    make_due_receipts()
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(file_of(newest(run)), indent=3))

    call_command("verify_receipt", path)
    first, words = capsys.readouterr().out.splitlines()
    assert json.loads(first)["valid"] is True
    assert words.startswith("Valid: version 1")

    path.write_text(path.read_text().replace("Ada Lovelace", "Eve"))
    with pytest.raises(SystemExit) as ended:
        call_command("verify_receipt", path)
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out.splitlines()[0])["problems"] == ["personal"]
