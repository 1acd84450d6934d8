"""Entra's documented requests as files: a title, the source, and requests with what must come back."""

import json
import re
from pathlib import Path
from typing import Any

from tests.scim_sync.client import Scim

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.json"))
_NAME = re.compile(r"\{(\w+)\}")
_OF_THE_SERVER = {"schemas", "id", "meta"}


def read_story(file: Path) -> dict[str, Any]:
    """A file: its `steps`, the installation's `settings`, and a `query` that the Tenant URL ends in."""
    story: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return story


def replay(story: dict[str, Any], scim: Scim) -> None:
    """Send the requests of a story in their order, and read back after each write what it left.

    `answer` names what the body must hold (lists whole, objects at least these members), `absent` the
    attributes it, or each resource of a list, must not hold; `save` names the id of the answer for `{name}`
    in later requests. `state` is the whole resource as it reads afterwards, but for what the server says.
    """
    names: dict[str, str] = {}
    for position, step in enumerate(story["steps"]):
        where = f"step {position}: {step.get('why', step['request'])}"
        method, path = _filled(step["request"], names).split(" ", 1)
        target = path.partition("?")[0].rstrip("/")
        before = None if method == "GET" else _read(scim, target)
        if "query" in story:
            path += ("&" if "?" in path else "?") + story["query"]
        answer = scim.send(method, path, _filled(step.get("body"), names), **step.get("headers", {}))
        assert answer.status == step["status"], (where, answer)
        if "answer" in step:
            assert _part(answer.body, _filled(step["answer"], names)) == _filled(step["answer"], names), where
        for resource in (answer.body or {}).get("Resources", [answer.body]):
            assert not set(step.get("absent", [])) & set(resource or {}), (where, resource)
        if "save" in step:
            names[step["save"]] = answer.id
        if method == "GET":
            continue
        if answer.status >= 400:
            assert _read(scim, target) == before, f"{where}: was refused, and changed something"
            continue
        after = _read(scim, f"{target}/{answer.id}" if method == "POST" else target)
        assert after == answer.body, f"{where}: reads back otherwise"
        if "state" in step:
            _compare(after, _filled(step["state"], names), where)


def _read(scim: Scim, path: str) -> Any:
    """A resource, or all of a list; None where there is nothing."""
    answer = scim.get(path)
    assert answer.status in (200, 404), (path, answer)
    return answer.body if answer.status == 200 else None


def _compare(found: dict[str, Any], wanted: dict[str, Any], where: str) -> None:
    actual = {name: value for name, value in found.items() if name not in _OF_THE_SERVER}
    if "members" in wanted:  # in the order of ids, which a file cannot know
        wanted = {**wanted, "members": sorted(wanted["members"], key=lambda member: str(member["value"]))}
    assert actual.keys() == wanted.keys(), where
    assert _part(actual, wanted) == wanted, where


def _filled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return _NAME.sub(lambda match: names.get(match[1], match[0]), value)
    if isinstance(value, list):
        return [_filled(item, names) for item in value]
    if isinstance(value, dict):
        return {_filled(key, names): _filled(item, names) for key, item in value.items()}
    return value


def _part(found: Any, wanted: Any) -> Any:
    """What of ``found`` is spoken of in ``wanted``."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        return {name: _part(found[name], item) for name, item in wanted.items() if name in found}
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        return [_part(item, other) for item, other in zip(found, wanted, strict=True)]
    return found
