"""Whatever the code records, a reader finds in words, in both languages: verbs, objects, steps.

What is recorded is read from the source, so that nobody has to remember a list.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.utils import translation

from printmgmt.console.audit.details import all_object_types
from printmgmt.console.shell.verbs import all_verbs
from printmgmt.deprovisioning.models import Trigger
from printmgmt.deprovisioning.steps import STEPS
from printmgmt.people.models import CredentialKind
from tools.catalogue import read

PACKAGES = ("printmgmt", "addons", "scim_sync", "directory_export")
VERB = r"[a-z]+(?:-[a-z]+)*\.(?!json\b)[a-z]+([-_][a-z]+)*"

COMPUTED = {
    "f'administrator.{verb}'": {
        f"administrator.{what}" for what in ("access-ended", "access-kept", "last-owner-left")
    },
    "f'breaker.{state}'": {"breaker.approved", "breaker.restored"},
    "f'person.{trigger}'": {f"person.{trigger}" for trigger in Trigger},
    "f'{verb}-still-blocked'": {f"person.{what}-still-blocked" for what in ("reactivated", "reattached")},
    "f'{kind}.assigned'": {f"{kind}.assigned" for kind in CredentialKind},
    "f'{credential.kind}.{verb}'": {
        f"{kind}.{what}" for kind in CredentialKind for what in ("revoked", "unassigned")
    },
}
"""Verbs that are put together when they are recorded, by the source that does it."""


@cache
def trees() -> dict[str, ast.Module]:
    """Our modules, parsed, without migrations."""
    files = (path for package in PACKAGES for path in (settings.BASE_DIR / package).rglob("*.py"))
    return {
        str(path.relative_to(settings.BASE_DIR)): ast.parse(path.read_text(encoding="utf-8"))
        for path in files
        if "migrations" not in path.parts
    }


def is_naming(tree: ast.Module) -> bool:
    """Whether the module is one that gives verbs their words: those are no record of anything."""
    return any(
        isinstance(node, ast.Assign | ast.AnnAssign) and ast.unparse(node).startswith("VERBS")
        for node in tree.body
    ) and not is_recording(tree)


def is_recording(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "printmgmt.audit.services"
        and any(alias.name == "record" for alias in node.names)
        for node in ast.walk(tree)
    )


def written_verbs() -> set[str]:
    """Texts in the code that have the form of a verb, of a family that is recorded: `export.requested`."""
    texts = {text for tree in trees().values() if not is_naming(tree) for text in texts_of(tree)}
    families = {verb.partition(".")[0] for verb in all_verbs()} | written_objects()
    return {text for text in texts if re.fullmatch(VERB, text) and text.partition(".")[0] in families}


def texts_of(node: ast.AST) -> Iterator[str]:
    """The texts below ``node``, but for paths of attributes: `attrgetter("account.email")`, ``source=``."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "attrgetter":
        return
    if isinstance(node, ast.keyword) and node.arg == "source":
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from texts_of(child)


def computed_verbs() -> set[str]:
    """The f-strings of the form of a verb, or of its end, in modules that record."""
    return {
        ast.unparse(node)
        for tree in trees().values()
        if is_recording(tree)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        and re.fullmatch(rf"{VERB}|x(-[a-z]+)+", re.sub(r"\{[^}]*\}", "x", ast.unparse(node)[2:-1]))
    }


def written_objects() -> set[str]:
    """The types of objects that are recorded: ``object_type="person"``, also as an attribute of a class."""
    return {
        value.value
        for tree in trees().values()
        for name, value in named_values(tree)
        if name in {"object_type", "audited_as"} and isinstance(value, ast.Constant) and value.value
    }


def named_values(tree: ast.Module) -> Iterator[tuple[str | None, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from ((keyword.arg, keyword.value) for keyword in node.keywords)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value


def test_every_verb_that_is_recorded_has_words_and_no_other() -> None:
    assert computed_verbs() == set(COMPUTED)
    recorded = written_verbs().union(*COMPUTED.values())
    assert len(recorded) > 60
    assert recorded == set(all_verbs())


def test_every_object_that_is_recorded_has_words() -> None:
    assert {"person", "export"} <= written_objects()
    assert written_objects() - set(all_object_types()) == set()


def test_every_verb_object_and_step_is_in_the_french_catalogue() -> None:
    catalogue = settings.BASE_DIR / "locale/fr/LC_MESSAGES/django.po"
    translated = {message.msgid for message in read(catalogue.read_text(encoding="utf-8"))}
    named = [
        *(words for words, _icon in all_verbs().values()),
        *all_object_types().values(),
        *(step.label for step in STEPS),
    ]

    with translation.override("en"):
        assert {str(words) for words in named} - translated == set()
