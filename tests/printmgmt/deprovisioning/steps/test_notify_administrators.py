"""The mail to administrators: one a window, in the words and the zone of its readers."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage
from pytest_django.fixtures import Settings

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun, LeavingPolicy, RunState, StepState
from printmgmt.mail.models import Mail
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from tests import factories
from tests.due import outbox, perform_due

BY = factories.TESTER
MORNING = datetime(2026, 3, 2, 9, 3, tzinfo=UTC)
WINDOW_OVER = datetime(2026, 3, 2, 9, 16, tzinfo=UTC)


def test_many_leavers_of_a_window_are_one_mail(contoso: Organization) -> None:
    factories.administrator(contoso, Role.ADMIN, who=factories.account("boss@contoso.example"))
    factories.administrator(contoso, Role.HELPDESK, who=factories.account("help@contoso.example"))
    with time_machine.travel(MORNING, tick=False) as clock:
        for name in ("Ada", "Bob", "Charlie"):
            factories.leaver(contoso, who=factories.person(contoso, display_name=name))
            clock.shift(timedelta(minutes=3))
        factories.leaver(factories.organization("Fabrikam"))
        perform_due()
        assert outbox() == []

        clock.move_to(WINDOW_OVER)
        perform_due()

    ours, theirs = sorted(outbox(), key=lambda message: message.subject)
    assert ours.subject == "Contoso: print access ended for 3 people"
    assert theirs.subject == "Fabrikam: print access ended for 1 person"
    assert "boss@contoso.example" in ours.to
    assert "help@contoso.example" not in ours.to
    assert ours.body.index("- Ada (") < ours.body.index("- Bob (") < ours.body.index("- Charlie (")
    assert "/o/contoso/" in ours.body
    for run in DeprovisionRun.objects.filter(organization=contoso):
        step = run.steps.get(name="notify-administrators")
        assert step.state == StepState.DONE
        assert step.evidence == {"message_id": ours.extra_headers["Message-ID"], "recipients": 2}


def test_mail_tells_two_of_one_name_apart_and_leads_to_each(
    contoso: Organization, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://print.contoso.example"
    named = {"display_name": "Ada\n- Bob"}
    with time_machine.travel(MORNING, tick=False) as clock:
        first = factories.leaver(contoso, who=factories.person(contoso, "ada@contoso.example", **named))
        factories.leaver(contoso, who=factories.person(contoso, "ada2@contoso.example", **named))
        factories.leaver(contoso, who=factories.person(contoso, "nameless@contoso.example"))
        clock.move_to(WINDOW_OVER)
        perform_due()

    body = outbox()[0].body
    assert (
        "- Ada - Bob (ada@contoso.example): Suspended, Mar 2, 2026, 09:03 UTC\n"
        f"  https://print.contoso.example/o/contoso/leavers/{first.pk}/\n"
    ) in body
    assert "- Ada - Bob (ada2@contoso.example): " in body
    assert "- nameless@contoso.example: " in body


def test_mail_says_who_was_blocked(contoso: Organization) -> None:
    blocked, suspended, both, removed = (
        factories.person(contoso, name) for name in ("blocked", "suspended", "both", "removed")
    )
    with time_machine.travel(MORNING, tick=False) as clock:
        leaving.block(blocked, by=BY)
        leaving.suspend(blocked, by=BY)
        leaving.suspend(suspended, by=BY)
        leaving.suspend(both, by=BY)
        clock.shift(timedelta(seconds=1))
        leaving.block(both, by=BY)
        leaving.block(removed, by=BY)
        leaving.remove(removed, by=BY)
        clock.move_to(WINDOW_OVER)
        perform_due()

    body = outbox()[0].body
    assert "- blocked: Blocked, " in body
    assert "- suspended: Suspended, " in body
    assert "- both: Suspended, " in body
    assert "- removed: Removed, " in body


def test_mail_tells_that_the_last_owner_left_and_keeps_access(contoso: Organization) -> None:
    owner = contoso.administrators.get()
    with time_machine.travel(MORNING, tick=False) as clock:
        factories.leaver(contoso)
        clock.shift(timedelta(minutes=15))
        factories.leaver(contoso, who=factories.person(contoso, owner.account.email))
        clock.shift(timedelta(minutes=1))
        clock.move_to(WINDOW_OVER)
        perform_due()
        clock.shift(timedelta(minutes=15))
        perform_due()

    assert owner.account.email in outbox()[1].body
    assert "still has console access" in outbox()[1].body
    assert f"/administrators/{owner.pk}/" in outbox()[1].body


@pytest.mark.parametrize(
    ("zone", "when"),
    [("Europe/Paris", "Mar 2, 2026, 10:03 CET"), ("Mars/Olympus", "Mar 2, 2026, 09:03 UTC")],
)
def test_mail_tells_times_in_the_organizations_zone(contoso: Organization, zone: str, when: str) -> None:
    """A zone that tzdata has dropped is UTC: the mail goes out all the same."""
    contoso.time_zone = zone
    contoso.save()
    with time_machine.travel(MORNING, tick=False) as clock:
        factories.leaver(contoso)
        clock.move_to(WINDOW_OVER)
        perform_due()

    assert when in outbox()[0].body


def test_long_list_is_cut_and_counted(contoso: Organization) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        for _ in range(52):
            factories.leaver(contoso)
        clock.move_to(WINDOW_OVER)
        perform_due()

    assert len(outbox()) == 1
    assert "… and 2 more" in outbox()[0].body


def test_who_came_back_is_not_reported(contoso: Organization) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        ada = factories.leaver(contoso, who=factories.person(contoso, display_name="Ada")).person
        factories.leaver(contoso, who=factories.person(contoso, display_name="Bob"))
        leaving.reactivate(ada, by=BY)
        clock.move_to(WINDOW_OVER)
        perform_due()

    assert outbox()[0].subject == "Contoso: print access ended for 1 person"
    assert "Ada" not in outbox()[0].body


def test_next_window_is_the_next_mail(contoso: Organization) -> None:
    LeavingPolicy.objects.create(organization=contoso, digest_minutes=60)
    with time_machine.travel(MORNING, tick=False) as clock:
        factories.leaver(contoso)
        clock.shift(timedelta(hours=1))
        factories.leaver(contoso)
        clock.shift(timedelta(hours=1))
        perform_due()

    assert len(outbox()) == 2
    assert Mail.objects.count() == 2


def test_leaving_that_commits_just_after_the_window_is_in_its_mail(contoso: Organization) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        factories.leaver(contoso)
        end = MORNING.replace(minute=15)
        clock.move_to(end - timedelta(milliseconds=5))
        late = factories.leaver(contoso)
        clock.move_to(end + timedelta(seconds=1))
        perform_due()
        assert outbox() == []
        clock.move_to(WINDOW_OVER)
        perform_due()

    assert outbox()[0].subject == "Contoso: print access ended for 2 people"
    assert late.steps.get(name="notify-administrators").state == StepState.DONE


def test_mail_sent_before_the_worker_died_is_not_sent_again(contoso: Organization) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        run = factories.leaver(contoso)
        clock.move_to(WINDOW_OVER)
        perform_due()
        run.steps.filter(name="notify-administrators").update(state=StepState.PENDING, evidence={})
        perform_due()

    assert len(outbox()) == 1
    assert run.steps.get(name="notify-administrators").evidence["recipients"] == 1


def test_mail_another_worker_is_sending_waits(contoso: Organization) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        run = factories.leaver(contoso)
        clock.move_to(WINDOW_OVER)
        target = run.steps.get(name="notify-administrators").target_id
        Mail.objects.create(
            kind="deprovisioning.leavers",
            about={"window": target},
            organization=contoso.pk,
            key=f"leavers:{target}",
            due_at=MORNING,
            lease_owner="another",
            lease_until=WINDOW_OVER + timedelta(minutes=2),
        )
        perform_due()
        assert outbox() == []
        assert run.steps.get(name="notify-administrators").attempts == 1
        clock.shift(timedelta(minutes=3))
        perform_due()

    assert len(outbox()) == 1


def test_mail_server_that_is_down_is_asked_again(contoso: Organization, settings: Settings) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        run = factories.leaver(contoso)
        clock.move_to(WINDOW_OVER)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        perform_due()
        step = run.steps.get(name="notify-administrators")
        assert (step.state, step.attempts) == (StepState.PENDING, 1)
        assert "could not be sent" in step.error

        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        clock.shift(timedelta(minutes=1))
        perform_due()

    assert len(outbox()) == 1
    run.refresh_from_db()
    assert run.state == RunState.FINISHED


def test_line_break_in_a_name_makes_no_mail_header(contoso: Organization) -> None:
    contoso.name = "Contoso\nBcc: everybody@contoso.example"
    contoso.save()
    with time_machine.travel(MORNING, tick=False) as clock:
        factories.leaver(contoso)
        clock.move_to(WINDOW_OVER)
        perform_due()

    message: EmailMessage = outbox()[0]
    assert message.subject == "Contoso Bcc: everybody@contoso.example: print access ended for 1 person"
    assert message.bcc == []
