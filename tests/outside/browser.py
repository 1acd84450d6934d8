"""A browser without scripts: keeps cookies, reads forms, fills them in and sends them."""

from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

SECONDS = 60


class Form:
    """Where a form is sent, and its fields with the values they have."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.fields: dict[str, str] = {}


class Page(HTMLParser):
    """An answer: its status, its address after redirects, its forms and its visible text."""

    def __init__(self, status: int, address: str, body: str) -> None:
        super().__init__()
        self.status, self.address, self.body = status, address, body
        self.forms: list[Form] = []
        self.text = ""
        self._select = ""
        self.feed(body)
        self.text = " ".join(self.text.split())

    @property
    def path(self) -> str:
        """The path of its address."""
        return urlsplit(self.address).path

    def form(self, to: str = "", **fields: str) -> Form:
        """Return the form whose address ends with ``to`` and which has these fields."""
        for form in self.forms:
            if form.address.endswith(to) and fields.keys() <= form.fields.keys():
                return form
        raise RuntimeError(f"{self.address} has no form for {to or ', '.join(fields)}: {self.text[:300]}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        name = values.get("name", "")
        if tag == "form":
            self.forms.append(Form(urljoin(self.address, values.get("action", ""))))
        elif not self.forms:
            return
        elif tag == "input" and values.get("type") not in ("submit", "checkbox", "radio"):
            self.forms[-1].fields[name] = values.get("value", "")
        elif tag == "textarea":
            self.forms[-1].fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and (self._select not in self.forms[-1].fields or "selected" in values):
            self.forms[-1].fields[self._select] = values.get("value", "")

    def handle_data(self, data: str) -> None:
        self.text += data + " "


class Browser:
    """Someone at the console of ``url``, signed in once a page of it let them."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Page:
        """Open a page of the console; redirects are followed."""
        return self._send(Request(urljoin(self._url, path)))  # noqa: S310 (the console)

    def send(self, form: Form, **values: str) -> Page:
        """Fill a form in and send it."""
        data = urlencode(form.fields | values).encode()
        return self._send(Request(form.address, data, {"Referer": form.address}))  # noqa: S310 (its own)

    def press(self, path: str, to: str, **values: str) -> Page:
        """Open a page and send its form with the address that ends with ``to``."""
        return self.send(self.get(path).form(to, **values), **values)

    def _send(self, request: Request) -> Page:
        request.add_header("Accept-Language", "en")
        try:
            with self._opener.open(request, timeout=SECONDS) as response:
                return Page(response.status, response.url, response.read().decode())
        except HTTPError as error:
            return Page(error.code, error.url or request.full_url, error.read().decode(errors="replace"))
