"""Entra's documented requests as files: a title, the source, and requests with what must come back."""

import json
import re
from pathlib import Path
from typing import Any

from tests.scim_sync.client import Scim

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.json"))
_NAME = re.compile(r"\{(\w+)\}")


def replay(file: Path, scim: Scim) -> None:
    """Send the requests of a file in their order and compare each answer.

    `answer` names what the body must hold (lists whole, objects at least these members), `absent` the
    attributes it must not hold, `save` names the id of the answer for `{name}` in later requests.
    """
    story = json.loads(file.read_text(encoding="utf-8"))
    names: dict[str, str] = {}
    for position, step in enumerate(story["steps"]):
        where = f"{file.name}, step {position}: {step.get('why', step['request'])}"
        method, path = _filled(step["request"], names).split(" ", 1)
        answer = scim.send(method, path, _filled(step.get("body"), names), **step.get("headers", {}))
        assert answer.status == step["status"], (where, answer)
        if "answer" in step:
            assert _part(answer.body, _filled(step["answer"], names)) == _filled(step["answer"], names), where
        for name in step.get("absent", []):
            assert name not in answer.body, (where, answer.body)
        if "save" in step:
            names[step["save"]] = answer.id


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
