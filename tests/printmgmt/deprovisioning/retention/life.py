"""Someone whose every attribute is a word that stands nowhere else: she comes, prints, and leaves."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from demo.cupsd import OPERATOR, STUCK_DEVICE, PrivateCups
from directory_export.models import ExportRun
from printmgmt.deprovisioning.deciding import skip_steps
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep
from printmgmt.organizations.models import Organization
from printmgmt.people.devices import enrol_device
from printmgmt.people.groups import create_group
from printmgmt.people.legal_hold import lift_legal_hold, set_legal_hold
from printmgmt.people.memberships import Change, Members, Verb, change_members
from printmgmt.people.models import PrintUser
from printmgmt.people.pins import post_pin
from printmgmt.people.services import update_person
from printmgmt.printing.jobs.claims import claim_job
from printmgmt.printing.models import JobState, PrintJob, PrintServer, RefusedNames
from printmgmt.printing.servers.adding import add_server
from tests import factories
from tests.scim_sync.client import CORE, ENTERPRISE, PRINTMGMT, Scim, a_user, op

BY: Final = factories.TESTER

MARKS: Final = {
    "user name, first": "qzfirstname",
    "user name": "qzusername",
    "domain": "qzdomain",
    "display name": "qzdisplay",
    "display name, old": "qzolddisplay",
    "given name": "qzgiven",
    "family name": "qzfamily",
    "nick name": "qznick",
    "job title": "qzchief",
    "work email": "qzworkmail",
    "home email": "qzhomemail",
    "phone": "7700900987",
    "street": "qzstreet",
    "department": "qzdepartment",
    "employee number": "qzemployee",
    "cost center": "qzcost",
    "external id": "qzexternal",
    "claimed name": "qzclaimed",
    "card": "qzcard98765",
    "device": "qzlaptop",
    "title of a job": "qzletter",
    "reason": "qzreason",
    "ticket": "qzticket",
}

PIN: Final = "73915246"


def name_of(mark: str) -> str:
    return MARKS[mark].capitalize()


USER_NAME: Final = f"{name_of('user name')}@{name_of('domain')}.example"
FIRST: Final = f"{name_of('user name, first')}@{name_of('domain')}.example"


def body(user_name: str = FIRST, display_name: str = "") -> dict[str, Any]:
    """What the directory says of her: everything it can."""
    return {
        **a_user(user_name),
        "schemas": [CORE, ENTERPRISE, PRINTMGMT],
        "externalId": name_of("external id"),
        "displayName": display_name or f"Zoe {name_of('display name, old')}",
        "name": {"givenName": name_of("given name"), "familyName": name_of("family name")},
        "nickName": name_of("nick name"),
        "title": f"{name_of('job title')} of all",
        "emails": [
            {"type": "work", "value": f"{MARKS['work email']}@contoso.example", "primary": True},
            {"type": "home", "value": f"{MARKS['home email']}@contoso.example"},
        ],
        "phoneNumbers": [{"type": "work", "value": f"+44 {MARKS['phone']}"}],
        "addresses": [{"type": "work", "streetAddress": f"1 {name_of('street')} Road"}],
        "active": True,
        ENTERPRISE: {
            "department": name_of("department"),
            "employeeNumber": name_of("employee number"),
            "costCenter": name_of("cost center"),
        },
        PRINTMGMT: {"cardNumber": name_of("card"), "pin": PIN},
    }


@dataclass
class Life:
    """Her row's id, and those who know her."""

    id: str
    scim: Scim
    of: Organization
    server: PrintServer | None = None

    @property
    def person(self) -> PrintUser:
        return PrintUser.objects.select_related("organization").get(pk=self.id)

    @property
    def run(self) -> DeprovisionRun:
        return DeprovisionRun.objects.filter(person=self.id).latest("cut_at")


def she_comes(scim: Scim, of: Organization) -> Life:
    """She is pushed, renamed, in groups, someone's manager; some requests about her are refused."""
    made = scim.post(body())
    assert made.status == 201, made
    display = f"Zoe {name_of('display name')}"
    assert scim.put(made.id, body(USER_NAME, display)).status == 200
    assert scim.post(body(USER_NAME, display)).status == 409
    assert scim.send("PATCH", f"/Users/{USER_NAME}", {"displayName": display}).status == 404
    manager = {"value": made.id, "displayName": display}
    report = scim.post({**a_user("bea@contoso.example"), ENTERPRISE: {"manager": manager}})
    assert (
        scim.put(report.id, {**a_user("bea@contoso.example"), ENTERPRISE: {"manager": manager}}).status == 200
    )
    scim.patch(report.id, op("Replace", f"{ENTERPRISE}:manager.displayName", display))
    scim.patch(report.id, op("Replace", f"{ENTERPRISE}:manager", manager))
    scim.patch(scim.create("cid@contoso.example").id, op("Add", f"{ENTERPRISE}:manager", USER_NAME))
    member = {"value": made.id, "display": display, "displayName": display}
    group = scim.post({"schemas": [], "displayName": "Staff", "members": [member]}, "/Groups")
    assert group.status == 201, group
    scim.patch_group(group.id, op("Remove", f'members[display eq "{display}"]'))
    scim.patch_group(group.id, op("Add", "members", [member]))
    scim.patch_group(group.id, op("Add", "members", [{"value": str(UUID(int=7)), "display": display}]))
    return Life(made.id, scim, of)


def the_console_knows_her(life: Life, cups: PrivateCups | None = None) -> None:
    """A device, a claimed name, a legal hold set and lifted, a PIN by mail, jobs of many kinds."""
    person = life.person
    enrol_device(person, name_of("device"), by=BY)
    set_legal_hold(person, reason=name_of("reason"), ticket=name_of("ticket"), by=BY)
    lift_legal_hold(person, reason=name_of("reason"), ticket=name_of("ticket"), by=BY)
    post_pin(person, PIN, by=BY)
    group = create_group(life.of, "Of the console", by=BY)
    change_members(group, [Change(Verb.ADD, Members(frozenset({person.pk})))], by=BY)
    update_person(life.person, {"department": f"{name_of('department')} Two"}, by=BY)
    server = factories.print_server(life.of, user_name="", sealed_secret="")
    past = {"organization": life.of, "server": server, "state": JobState.COMPLETED, "impressions": 7}
    owners = (USER_NAME, FIRST, USER_NAME.partition("@")[0], MARKS["user name, first"])
    for number, owner in enumerate(owners):
        PrintJob.objects.create(
            **past,
            remote_id=number + 1,
            owner_text=owner,
            owner_key=owner.casefold(),
            person=person if not number else None,
            title=f"{name_of('title of a job')}.pdf",
            submitted_at=timezone.now(),
        )
    claimed = PrintJob.objects.create(
        **past,
        remote_id=99,
        owner_text=name_of("claimed name"),
        owner_key=MARKS["claimed name"],
        title=f"{name_of('title of a job')}.pdf",
        submitted_at=timezone.now(),
    )
    claim_job(claimed, person, by=BY)
    if cups is not None:
        cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
        cups.submit("front", USER_NAME, title=f"{name_of('title of a job')} two")
        password = cups.passwords[OPERATOR]
        life.server = add_server(
            life.of, address=cups.uri, user_name=OPERATOR, password=password, name="Hall", by=BY
        )


def she_leaves(life: Life) -> None:
    """The directory deletes her, and goes on about her; an administrator skips a step and says why."""
    assert life.scim.delete(life.id).status == 204
    assert (
        life.scim.patch(life.id, op("Replace", "displayName", f"Zoe {name_of('display name')}")).status == 404
    )
    wipe = life.run.steps.filter(name="wipe-credentials")
    skip_steps(life.run, by=BY, reason=name_of("reason"), only=wipe)


def years_go_by(life: Life, days: int = 400) -> None:
    """All that is dated about her leaving, and what was exported before it, is so many days older."""
    ago = timedelta(days=days)
    steps = DeprovisionStep.objects.filter(run__person=life.id)
    steps.update(due_at=F("due_at") - ago)
    runs = DeprovisionRun.objects.filter(person=life.id)
    runs.update(
        requested_at=F("requested_at") - ago, cut_at=F("cut_at") - ago, judged_at=timezone.now() - ago
    )
    PrintUser.objects.filter(pk=life.id).update(removed_at=F("removed_at") - ago)
    ExportRun.objects.update(created_at=F("created_at") - ago)
    RefusedNames.objects.update(checked_at=F("checked_at") - ago)
