"""One organization of the console: its directory over SCIM, its station, its owner, and its people."""

import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.outside.browser import Browser
from tests.outside.console import Console
from tests.outside.cups import OPERATOR, PrivateCups
from tests.outside.json_calls import call

PASSWORD = "a long enough pass phrase"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
STATES = (
    *("In progress", "In restore period", "Complete", "Waiting for approval", "Needs attention"),
    *("Replaced", "Restored"),
)
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass
class Person:
    """Someone with a card, a PIN and a device. ``id`` is what the SCIM server calls them."""

    name: str
    card: str
    pin: str
    id: str = ""
    device_token: str = ""
    browser: Browser | None = None


@dataclass
class Site:
    """An organization. ``three_attributes``: its directory maps no more than the gallery's template does."""

    console: Console
    title: str
    domain: str
    three_attributes: bool = False
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """The short name that the console gives it."""
        return self.title.lower()

    def to_set_up(self, cups: PrivateCups) -> list[tuple[str, ...]]:
        """Return the commands that create the organization with add-on and print server."""
        return [
            ("create_organization", self.title, "--owner", f"owner@{self.domain}"),
            ("install_addon", "azure-ad-user-sync", "--organization", self.slug),
            (
                *("add_print_server", "--organization", self.slug, "--uri", cups.uri, "--name", "Print room"),
                *("--operator", OPERATOR, "--password-file", str(cups.password_file)),
            ),
        ]

    def is_set_up(self, made: dict[str, Any], addon: dict[str, Any], server: dict[str, Any]) -> None:
        """Take what these commands printed, and sign in as the owner."""
        if made["organization"] != self.slug:
            raise RuntimeError(f"{self.title} is called {made['organization']}")
        self.tenant_url, self.token = addon["tenant_url"], addon["token"]
        self.server, self.unsafe = server["print_server"], server["unsafe"]
        self.owner = Browser(self.console.url)
        form = self.owner.get(made["sign_in_url"]).form(password1="", password2="")
        self.owner.send(form, password1=PASSWORD, password2=PASSWORD)

    def to_equip(self, printer: str) -> list[tuple[str, ...]]:
        """Return the commands that give everyone card, PIN and device, and put a station beside a printer."""
        orders = [
            {"user_name": each.name, "card": each.card, "pin": each.pin, "device": "laptop"}
            for each in self.people.values()
        ]
        return [
            ("enrol_person", "--organization", self.slug, "--batch", self.console.batch(orders)),
            ("add_station", "--organization", self.slug, "--name", "Hall", "--printer", printer),
        ]

    def is_equipped(self, devices: list[dict[str, Any]], station: dict[str, Any]) -> None:
        """Take what these commands printed."""
        for person, device in zip(self.people.values(), devices, strict=True):
            person.device_token = device["device_token"]
        self.station = station
        self.identify = self.console.talk("identify", "--organization", self.slug, "--batch", "-")

    # What the directory does

    def create(self, person: Person) -> dict[str, Any]:
        """POST a person as Entra does with this mapping; return the answer, which must be 201."""
        address = {"primary": True, "type": "work", "value": person.name}
        body = {"userName": person.name, "displayName": person.name.partition("@")[0], "emails": [address]}
        if self.three_attributes:
            body |= {"schemas": [CORE]}
        else:
            nickname = person.name.partition("@")[0]
            body |= {"schemas": [CORE, ENTERPRISE], "externalId": nickname, "active": True}
            body |= {"name": {"givenName": nickname.title()}, ENTERPRISE: {"department": "IT"}}
        return self._scim("POST", "/Users", body | {"meta": {"resourceType": "User"}})

    def set_active(self, person: Person, *, active: bool) -> dict[str, Any]:
        """PATCH ``active`` as Entra's default does: as text."""
        operation = {"op": "Replace", "path": "active", "value": str(active)}
        return self._scim("PATCH", f"/Users/{person.id}", {"schemas": [PATCH], "Operations": [operation]})

    def delete(self, person: Person) -> dict[str, Any]:
        """DELETE a person."""
        return self._scim("DELETE", f"/Users/{person.id}")

    def _scim(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        status, answer = call(
            method, self.tenant_url + path, self.token, body, "application/scim+json; charset=utf-8"
        )
        if status not in (200, 201, 204):
            raise RuntimeError(f"SCIM {method} {path}: {status} {answer}")
        return answer

    # What people do

    def invite(self, person: Person) -> None:
        """Have the owner invite a person as administrator, and the person accept and sign in."""
        path = f"/o/{self.slug}/administrators/invite/"
        self.owner.press(path, "invite/", email=person.name)
        mail = self.console.mail_to(person.name)
        link = next(line for line in mail.splitlines() if "/invitation/" in line).strip()
        person.browser = Browser(self.console.url)
        form = person.browser.get(link).form(name="", password="")
        person.browser.send(form, name="Someone", password=PASSWORD)

    def shows_card(self, person: Person) -> str:
        """Hold the card to the station; return "accepted" or "refused"."""
        return self._visit(card=person.card)

    def types_pin(self, person: Person) -> str:
        """Type name and PIN at the station."""
        return self._visit(user_name=person.name, pin=person.pin)

    def uses_device(self, person: Person) -> str:
        """Present the token of the device."""
        found = self.identify.ask(device_token=person.device_token)["person"]
        return "accepted" if found else "refused"

    def opens_console(self, person: Person) -> str:
        """Open the dashboard in the browser that was signed in before."""
        assert person.browser is not None
        page = person.browser.get(f"/o/{self.slug}/")
        return "accepted" if page.status == 200 and page.path == f"/o/{self.slug}/" else "refused"

    def _visit(self, **shown: str) -> str:
        address = f"{self.console.url}/api/v1/station/visits/"
        status, answer = call("POST", address, self.station["token"], shown, "application/json")
        if status not in (200, 201, 403):
            raise RuntimeError(f"the station answered {status}: {answer}")
        return "refused" if status == 403 else "accepted"

    # What the owner sees

    def test_server(self) -> None:
        """Press *Test now* on the print server's page."""
        self.owner.press(f"/o/{self.slug}/print-servers/{self.server}/", "/test/")

    def run_of(self, person: Person) -> "Run":
        """Open the page of a person's newest leaving."""
        found = self.owner.get(f"/o/{self.slug}/leavers/?{urlencode({'q': person.name})}")
        links = re.findall(rf"/o/{self.slug}/leavers/[0-9a-f-]{{36}}/", found.body)
        return Run(links[0], self.owner.get(links[0]).text)

    def wait_for_run(self, person: Person, state: str, within: float = 90) -> "Run":
        """Return the newest run once it is in this state, or as it is when the time is over."""
        deadline = time.monotonic() + within
        while (run := self.run_of(person)).state != state and time.monotonic() < deadline:
            time.sleep(0.5)
        return run

    def receipt(self, run: "Run", *, within: float = 60) -> str:
        """Return the receipt's file as it is downloaded, once there is one."""
        deadline = time.monotonic() + within
        while True:
            page = self.owner.get(f"{run.path}receipt.json")
            if page.status == 200:
                return page.body
            if time.monotonic() > deadline:
                raise RuntimeError(f"no receipt: {page.status} {page.text[:300]}")
            time.sleep(0.5)


@dataclass
class Run:
    """A leaving as its page shows it."""

    path: str
    text: str

    @property
    def state(self) -> str:
        """The state in the page's words."""
        found = re.search(f"Access ended.*?({'|'.join(STATES)})", self.text)
        return found[1] if found else ""
