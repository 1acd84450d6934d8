"""Files below the host's EXPORT_ROOT. Each organization has its own folder and cannot leave it."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from directory_export.destinations.exceptions import DeliveryError
from printmgmt.organizations.models import Organization


@contextlib.contextmanager
def appearing(organization: Organization, relative: str) -> Iterator[IO[bytes]]:
    """Open a file for writing. It appears under its name only when the block has succeeded.

    ``relative`` is the path below the organization's folder. Raises DeliveryError for a forbidden path,
    OSError for file system errors.
    """
    path = _inside(organization, relative)
    _refuse_outside(organization, path)
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    # O_NOFOLLOW: another user with write access to the folder cannot make us write through a link.
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o640)
    try:
        with os.fdopen(number, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def open_file(organization: Organization, relative: str) -> IO[bytes]:
    """Open a file for reading. Raises OSError if it does not exist or is outside the folder."""
    try:
        path = _inside(organization, relative)
        _refuse_outside(organization, path)
    except DeliveryError as error:
        raise FileNotFoundError(relative) from error
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")


def remove_file(organization: Organization, relative: str) -> None:
    """Remove a file, if it exists."""
    with contextlib.suppress(FileNotFoundError, DeliveryError):
        path = _inside(organization, relative)
        _refuse_outside(organization, path)
        path.unlink()


def _home(organization: Organization) -> Path:
    """Return the folder, named by id: another organization may get the same short name later."""
    if not settings.EXPORT_ROOT:
        raise DeliveryError(_("The host has not set a folder for exports."), permanent=True)
    return Path(settings.EXPORT_ROOT) / str(organization.pk)


def _inside(organization: Organization, relative: str) -> Path:
    if os.path.isabs(relative) or ".." in Path(relative).parts:
        raise DeliveryError(_("The folder is outside your organization's folder."), permanent=True)
    return _home(organization) / relative


def _refuse_outside(organization: Organization, path: Path) -> None:
    """Raise if the path, with links resolved, is outside the organization's folder."""
    if not path.parent.resolve().is_relative_to(_home(organization).resolve()):
        raise DeliveryError(_("The folder is outside your organization's folder."), permanent=True)


def _sync(folder: Path) -> None:
    """Make the new name survive a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
