"""What was found is said in sentences, the most urgent first, with the block that mends it."""

import re

import pytest

from printmgmt.printing.servers.findings.finding import DANGER, GOOD, WARNING, Finding
from printmgmt.printing.servers.findings.holds import BLOCK
from printmgmt.printing.servers.findings.report import findings_of
from printmgmt.printing.servers.probe.found import FOREVER, Compares, Found, PolicyFound, Right, Skipped, Who

CLOSED: dict[str, list[str]] = {right.value: [] for right in Right}
SAFE = PolicyFound(
    "default",
    2,
    needs_login=True,
    owners_shown=False,
    titles_shown=False,
    operator_sees_owners=True,
    operator_name_sees_owners=False,
    rights=CLOSED,
)


def said(policy: PolicyFound = SAFE, **of: object) -> dict[str, Finding]:
    values = {"is_cups": True, "queues": 2, "policies": (policy,), "has_login": True, **of}
    return {finding.code: finding for finding in findings_of(Found(**values))}  # type: ignore[arg-type]


def opened(**rights: list[str]) -> PolicyFound:
    return PolicyFound(**{**vars(SAFE), "rights": {**CLOSED, **rights}})


def test_a_safe_server_has_nothing_to_mend() -> None:
    found = said()

    assert found.keys() == {"operator", "holds-stay", "names-checked"}
    assert {finding.tone for finding in found.values()} == {GOOD}


@pytest.mark.parametrize(
    ("who", "title"),
    [
        ([Who.STRANGER, Who.OWNER], "Anyone can undo a hold"),
        ([Who.OWNER], "People can undo a hold on their own jobs"),
        ([Who.OWNER_LOGIN], "People can undo a hold on their own jobs"),
        ([Who.OPERATOR_NAME], "The operator's name is enough to undo a hold"),
        ([Who.ROOT_NAME], "The operator's name is enough to undo a hold"),
    ],
)
def test_who_undoes_a_hold_is_said_with_the_block(who: list[str], title: str) -> None:
    finding = said(opened(release=who, move=who))["hold-undone"]

    assert (finding.tone, finding.title, finding.block) == (DANGER, title, BLOCK)
    assert "release it or move it to another queue" in finding.text
    assert finding.where == "Put this first inside <Policy default>:"


def test_policies_of_which_the_same_is_true_are_named_together() -> None:
    other = PolicyFound(**{**vars(opened(release=[Who.OWNER])), "name": "other", "queues": 3})
    third = PolicyFound(**{**vars(SAFE), "name": "third"})

    found = said(policies=(opened(release=[Who.OWNER]), other, third))

    undone = found["hold-undone"]
    assert undone.text.startswith(
        "On 5 queues with the policies “default” and “other”, the owner of a held job"
    )
    assert undone.where == "Put this first inside <Policy default> and <Policy other>:"
    assert found["holds-stay"].text.startswith("On 2 queues with the policy “third”, only")
    assert found["operator"].text.startswith("On 7 queues")


def test_some_queues_of_a_policy_are_named() -> None:
    few = PolicyFound(**{**vars(SAFE), "names": ["back", "front"]})
    many = PolicyFound(**{**vars(few), "queues": 9})

    assert "2 queues with the policy “default” (back, front), only" in said(few)["holds-stay"].text
    assert "9 queues with the policy “default” (back, front, …), only" in said(many)["holds-stay"].text


def test_a_hold_of_which_not_everything_is_known_is_not_called_safe() -> None:
    known = {right: who for right, who in CLOSED.items() if right != Right.RESTART}

    assert "holds-stay" not in said(PolicyFound(**{**vars(SAFE), "rights": known}))


def test_what_was_not_tried_is_said() -> None:
    for why in Skipped:
        finding = said(PolicyFound("default", 1, skipped=why))["not-tested"]
        assert "nothing was tried" in finding.text


def test_names() -> None:
    believing = said(PolicyFound(**{**vars(SAFE), "needs_login": False}), compares=Compares.LOCAL_PART)

    assert believing["names-believed"].tone == WARNING
    assert "before the @" in believing["compares"].text
    assert "whole name" in said(compares=Compares.WHOLE_NAME)["compares"].text


def test_privacy() -> None:
    shown = PolicyFound(**{**vars(SAFE), "owners_shown": True, "operator_name_sees_owners": True})
    hidden = PolicyFound(**{**vars(SAFE), "operator_sees_owners": False})

    assert {"owners-shown", "operator-name-sees"} <= said(shown).keys()
    assert said(hidden)["owners-hidden"].block == "  JobPrivateAccess default\n"


def test_room() -> None:
    assert "2 of at most 500" in said(open_jobs=2, max_jobs=500)["room"].text
    assert said(open_jobs=400, max_jobs=500)["full-soon"].tone == DANGER
    assert not {"room", "full-soon"} & said(open_jobs=9000, max_jobs=0).keys()
    assert "3 hours" in said(max_hold_seconds=3 * 3600)["max-hold"].text
    assert "files-kept" not in said(kept_seconds=86_400)
    undone = opened(restart=[Who.OWNER])
    assert "24 hours" in said(undone, kept_seconds=86_400)["files-kept"].text
    assert "forever" in said(undone, kept_seconds=FOREVER)["files-kept"].text


def test_other_servers() -> None:
    assert [finding.code for finding in findings_of(Found(is_cups=False, queues=1))] == ["not-cups"]
    assert "no-queues" in said(queues=0, policies=())
    assert said(left_over=1)["left-over"].tone == WARNING


def test_the_most_urgent_comes_first() -> None:
    found = list(said(opened(release=[Who.OWNER]), open_jobs=1, max_jobs=10).values())

    tones = [finding.tone for finding in found]
    assert tones == sorted(tones, key=["red", "yellow", "azure", "green"].index)


def test_the_block_is_the_one_that_was_tried() -> None:
    assert re.findall(r"[A-Z][A-Za-z]+-[A-Za-z-]+", BLOCK.splitlines()[0]) == [
        "Hold-Job",
        "Release-Job",
        "Restart-Job",
        "Set-Job-Attributes",
        "CUPS-Move-Job",
        "CUPS-Authenticate-Job",
    ]
