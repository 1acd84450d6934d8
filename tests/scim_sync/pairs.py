"""Two writes at once: what comes of them must also come of one after the other, in either order."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from threading import Barrier
from typing import Any

from tests.scim_sync.client import Answer, HttpScim

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OURS = ("created", "lastModified", "location")
"""What of `meta` tells the stage, not the outcome."""

_number = count(1)


@dataclass
class Stage:
    """New people and groups for two writes; ``ids`` by their parts, ``mark`` is in all their names."""

    scim: HttpScim
    mark: str
    ids: dict[str, str]

    def name(self, part: str) -> str:
        """The name of a part on this stage."""
        return f"{part}-{self.mark}"

    def plain(self, body: Any) -> Any:
        """A body that tells nothing of the stage: the parts' ids and names as in the play."""
        text = json.dumps(body, sort_keys=True).replace(f"-{self.mark}", "")
        for part, pk in self.ids.items():
            text = text.replace(pk, f"<{part}>")
        return _sorted(json.loads(UUID.sub("<new>", text)))


Write = Callable[[Stage], Answer]
Outcome = tuple[Any, ...]


def set_stage(scim: HttpScim, make: Callable[[Stage], dict[str, str]]) -> Stage:
    """A new stage with what ``make`` puts there."""
    stage = Stage(scim, f"{next(_number):05d}", {})
    stage.ids = make(stage)
    return stage


def unexplained(
    scim: HttpScim,
    make: Callable[[Stage], dict[str, str]],
    writes: Mapping[str, Write],
    pairs: Iterable[tuple[str, str]],
    *,
    rounds: int,
) -> Iterator[str]:
    """What came of two writes at once and of neither order of them, told; nothing where all is well."""
    for one, two in pairs:
        first, second = writes[one], writes[two]
        stages = [set_stage(scim, make) for _order in range(2)]
        explained = [
            _outcome(stages[0], first(stages[0]), second(stages[0])),
            _outcome(stages[1], *reversed([second(stages[1]), first(stages[1])])),
        ]
        for _round in range(rounds):
            stage = set_stage(scim, make)
            found = _outcome(stage, *_at_once(stage, first, second))
            if found not in explained:
                yield f"{one} × {two}: {found}\n  explained would be: {explained}"


def _sorted(value: Any) -> Any:
    """Lists without their order, which is that of ids and another one on each stage."""
    if isinstance(value, dict):
        return {name: _sorted(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return sorted(map(_sorted, value), key=json.dumps)
    return value


def _at_once(stage: Stage, first: Write, second: Write) -> list[Answer]:
    together = Barrier(2)

    def play(write: Write) -> Answer:
        together.wait()
        return write(stage)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(play, (first, second)))


def _outcome(stage: Stage, first: Answer, second: Answer) -> Outcome:
    """Both statuses, and every part as it is read afterwards."""
    read = {}
    for part, pk in stage.ids.items():
        path = "Users" if part.startswith("person") else "Groups"
        answer = stage.scim.get(f"/{path}/{pk}")
        body = answer.body if answer.status == 200 else {}
        for name in OURS:
            body.get("meta", {}).pop(name, None)
        read[part] = answer.status, stage.plain(body)
    return first.error, second.error, read
