"""A release station's tablet: it opens the station page over HTTP and fills in its forms like a person."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import requests

SECONDS = 60
PRINT = "Print "  # begins the label of the button that prints one job


class Refused(Exception):
    """The station did not do what was asked; the message is what it said."""


class Form:
    """A form of a page: where it is sent, its fields, and what its button says to screen readers."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.fields: dict[str, str] = {}
        self.label = ""


class Page(HTMLParser):
    """A page as the tablet shows it: its forms, and what its alert says, "" without one."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.alert = ""
        self._address = response.url
        self._depth = 0  # of the element that is read, inside a visible alert
        self.feed(response.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "div" and (self._depth or (values.get("role") == "alert" and "hidden" not in values)):
            self._depth += 1
        elif tag == "form":
            self.forms.append(Form(urljoin(self._address, values.get("action", ""))))
        elif tag == "input" and self.forms:
            self.forms[-1].fields[values.get("name", "")] = values.get("value", "")
        elif tag == "button" and self.forms:
            self.forms[-1].label = values.get("aria-label", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "div" and self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.alert = f"{self.alert} {data.strip()}".strip()


class Tablet:
    """A tablet at the station whose page has the ``address`` and which has the ``token``, connected at once.

    Raises ``Refused`` when the station does not know the token.
    """

    def __init__(self, address: str, token: str) -> None:
        self._address = address
        self._session = requests.Session()
        self._session.trust_env = False  # the console is on this machine, whatever proxy the shell names
        self._page = self._shown("GET", address)
        self._fill(token=token)

    def show_card(self, card: str) -> list[str]:
        """Hold a card to the reader; return the titles of the jobs that wait. Raises ``Refused``."""
        self._page = self._shown("GET", self._address)
        self._fill(card=card)
        return self.titles()

    def type_pin(self, user_name: str, pin: str) -> list[str]:
        """Type a user name and a PIN; return the titles of the jobs that wait, or raise ``Refused``."""
        self._page = self._shown("GET", urljoin(self._address, "pin/"))
        self._fill(user_name=user_name, pin=pin)
        return self.titles()

    def titles(self) -> list[str]:
        """Return the titles of the jobs on the page."""
        labels = [form.label for form in self._page.forms]
        return [label.removeprefix(PRINT) for label in labels if label.startswith(PRINT)]

    def print(self, title: str) -> None:
        """Touch *Print* beside a job. ``Refused`` if it cannot be printed, or is not on the page."""
        for form in self._page.forms:
            if form.label == PRINT + title:
                self._send(form, {})
                return
        raise Refused(f"no job {title!r} on the page")

    def _fill(self, **values: str) -> None:
        for form in self._page.forms:
            if values.keys() <= form.fields.keys():
                self._send(form, values)
                return
        raise Refused(f"the page asks for no {' or '.join(values)}: {self._page.alert}")

    def _send(self, form: Form, values: dict[str, str]) -> None:
        self._page = self._shown("POST", form.address, data=form.fields | values)
        if self._page.alert:
            raise Refused(self._page.alert)

    def _shown(self, method: str, address: str, **options: Any) -> Page:
        response = self._session.request(method, address, timeout=SECONDS, **options)
        if not response.ok:
            raise Refused(f"the station page answered {response.status_code} {response.reason}")
        return Page(response)
