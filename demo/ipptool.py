"""Asks a print server through `ipptool`, which shares no code with the console's own client."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from xml.etree import ElementTree

from demo.cups_files import program

SECONDS = 60


class Group:
    """The attributes of one group; an attribute that comes twice is kept twice."""

    def __init__(self, attributes: list[tuple[str, Any]]) -> None:
        self.attributes = attributes

    def __getitem__(self, name: str) -> Any:
        """Return the first value of that name: str, int, bool or a list of them. ``KeyError`` without one."""
        if values := self.every(name):
            return values[0]
        raise KeyError(name)

    def __contains__(self, name: str) -> bool:
        return bool(self.every(name))

    def __repr__(self) -> str:
        return f"Group({self.attributes!r})"

    def every(self, name: str) -> list[Any]:
        """Return the values of all attributes of that name, in their order."""
        return [value for found, value in self.attributes if found == name]


@dataclass(frozen=True)
class Answer:
    """What a server answered: the name of the status (``successful-ok``) and the groups after the first.

    The first group (charset and language) is left out; of Get-Jobs each further group is a job.
    """

    status: str
    groups: list[Group]

    @property
    def is_ok(self) -> bool:
        """Whether the operation succeeded."""
        return self.status.startswith("successful-")


def request(
    address: str,
    operation: str,
    attributes: tuple[str, ...] = (),
    *,
    user: str = "",
    document: Path | None = None,
) -> Answer:
    """Send one IPP request with Basic login if ``address`` has one, and return the answer.

    ``address``: ``ipp://name:password@host:port/path``; a login is sent only when the server asks for one.
    ``attributes``: lines as ipptoolfile(5) has them after ATTR (``keyword which-jobs all``), the target
    (``uri printer-uri …``) first; a line of its own ``GROUP job-attributes-tag`` starts the next group.
    ``user``: ``requesting-user-name``. Raises ``RuntimeError`` when there was no answer at all.
    """
    claimed = [f'name requesting-user-name "{quoted(user)}"'] if user else []
    head = ["charset attributes-charset utf-8", "naturalLanguage attributes-natural-language en"]
    lines = [*head, *attributes[:1], *claimed, *attributes[1:]]
    text = [f"OPERATION {operation}", "GROUP operation-attributes-tag"]
    text += [line if line.startswith("GROUP ") else f"ATTR {line}" for line in lines]
    if document is not None:
        text.append(f"FILE {document}")
    with NamedTemporaryFile("w", suffix=".test", encoding="utf-8") as file:
        file.write("{\n" + "\n".join(text) + "\n}\n")
        file.flush()
        done = subprocess.run(
            [program("ipptool"), "-X", "-T", str(SECONDS), address, file.name],
            capture_output=True,
            env={"LC_ALL": "C.UTF-8", "HOME": "/nonexistent"},
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # without a terminal it cannot ask for a password
            timeout=SECONDS * 2,
        )
    return read(done.stdout, done.stderr.decode(errors="replace"))


def quoted(text: str) -> str:
    """Return ``text`` as it stands between double quotes in an ipptool file."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def read(plist: bytes, errors: str) -> Answer:
    """Return the answer in what `ipptool -X` prints. ``RuntimeError`` if there is none."""
    try:
        test = dict(_pairs(ElementTree.fromstring(plist).find("dict/array/dict")))  # noqa: S314 (our own child)
        status = test["StatusCode"].text or ""
    except (ElementTree.ParseError, KeyError):
        said = plist.decode(errors="replace")[-2000:]
        raise RuntimeError(f"ipptool got no answer: {errors}{said}") from None
    groups = test["ResponseAttributes"].findall("dict") if "ResponseAttributes" in test else []
    return Answer(
        status, [Group([(key, _value(node)) for key, node in _pairs(group)]) for group in groups[1:]]
    )


def _pairs(dictionary: ElementTree.Element | None) -> Iterator[tuple[str, ElementTree.Element]]:
    """The keys of a plist dictionary with the elements that follow them."""
    children = iter(dictionary if dictionary is not None else ())
    for key in children:
        yield key.text or "", next(children)


def _value(node: ElementTree.Element) -> Any:
    match node.tag:
        case "integer":
            return int(node.text or 0)
        case "true" | "false":
            return node.tag == "true"
        case "array":
            return [_value(child) for child in node]
        case "dict":
            return Group([(key, _value(child)) for key, child in _pairs(node)])
        case _:
            return node.text or ""
