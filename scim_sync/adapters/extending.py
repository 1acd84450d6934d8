"""The extension schemas that a host's adapter declares: published, kept and shown beside ours."""

from collections.abc import Iterator
from typing import Any

from django_scim.utils import get_user_adapter

from scim_sync.protocol.attributes import extend_people
from scim_sync.protocol.extensions import Extension
from scim_sync.protocol.schemas import own_schema_documents


def declared() -> tuple[Extension, ...]:
    """Return the extensions of the adapter that the settings name; none if it cannot be imported."""
    try:
        found: tuple[Extension, ...] = getattr(get_user_adapter(), "extensions", ())
    except (ImportError, AttributeError, ValueError):  # `checks` says what is wrong with it
        return ()
    return found


def problems_of(extensions: tuple[Extension, ...]) -> Iterator[tuple[Extension, list[str]]]:
    """Yield each extension with what is wrong with it."""
    taken = {document["id"].lower() for document in own_schema_documents()}
    for extension in extensions:
        yield extension, list(extension.problems(taken))
        taken.add(extension.urn.lower())


def publish_extensions() -> None:
    """Publish the declared extensions in place of those before; without faulty ones, which a check names."""
    extend_people([each.document() for each, problems in problems_of(declared()) if not problems])


def changed_texts(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[str]]:
    """Return the declared attributes that differ in two `ScimUser.attributes`: path → [old, new]."""
    changes = {}
    for extension in declared():
        old, new = before.get(extension.urn, {}), after.get(extension.urn, {})
        for attribute in extension.attributes:
            change = [old.get(attribute.name, ""), new.get(attribute.name, "")]
            if change[0] != change[1]:
                changes[extension.path(attribute)] = change
    return changes
