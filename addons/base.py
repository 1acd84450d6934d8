"""All an add-on's author imports: the facts (AddonConfig), the behavior (Addon), its health.

Read before models load, so nothing here imports one. docs/addons.md is the author's page; what it does
not name is private.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import AppConfig, apps
from django.utils.functional import Promise
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from django.forms import Form

    from addons.disposition import Disposition
    from addons.models import Installation
    from printmgmt.audit.actors import Actor
    from printmgmt.console.shell.extensions import Extensions

Text = str | Promise


class HealthState(StrEnum):
    OK = "ok"
    WAITING = "waiting"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Health:
    """How an installation is doing, in one sentence for a reader; read from our own rows, quickly.

    With a ``headline`` it is worth a mail to the administrators, of which it is the subject. ``condition`` is
    a stable word for what is wrong: as long as it stays the same, the mail is not repeated. ``advice`` says
    in the mail what to do about it.
    """

    state: HealthState
    message: Text
    condition: str = ""
    headline: Text = ""
    advice: Text = ""

    @classmethod
    def ok(cls, message: Text) -> Health:
        return cls(HealthState.OK, message)

    @classmethod
    def waiting(cls, message: Text) -> Health:
        return cls(HealthState.WAITING, message)

    @classmethod
    def warning(cls, message: Text, *, condition: str = "", headline: Text = "", advice: Text = "") -> Health:
        return cls(HealthState.WARNING, message, condition, headline, advice)

    @classmethod
    def error(cls, message: Text, *, condition: str = "", headline: Text = "", advice: Text = "") -> Health:
        return cls(HealthState.ERROR, message, condition, headline, advice)


@dataclass(frozen=True)
class Handover:
    """Shown once to the administrator who installed the add-on. ``incomplete`` is why a part is missing."""

    facts: Mapping[str, str | None]
    incomplete: Text = ""


class Addon:
    """The behavior of one add-on, bound to one organization's installation.

    Subclass it, name the subclass in ``AddonConfig.addon_class`` and override what you need. Hooks run
    inside the framework's transaction: one that raises leaves nothing behind; calls to the outside
    belong in ``transaction.on_commit``.
    """

    settings_form: ClassVar[type[Form]]
    details_template: ClassVar[str] = "addons/_details_default.html"
    limits_template: ClassVar[str] = ""
    brings_people: ClassVar[bool] = False

    def __init__(self, installation: Installation) -> None:
        self.installation = installation

    def on_install(self, *, by: Actor) -> None:
        """Called once, after the row was made."""

    def on_configure(self, *, by: Actor) -> None:
        """Called after the settings changed."""

    def on_uninstall(self, people: Disposition, *, by: Actor) -> None:
        """Called before the installation is closed: cut every access, keep the history.

        Whom it brought is not its care: people whose ``source`` is the installation's are suspended or
        removed as chosen, and what it owned in the core becomes the console's.
        """

    def hand_over(self, *, by: Actor) -> Handover:
        """What the administrator takes elsewhere after installing: addresses, a secret that is shown once."""
        return Handover({})

    def details(self) -> Mapping[str, Any]:
        """What ``details_template`` gets besides ``installation`` and ``addon``."""
        return {}

    def limits(self) -> Mapping[str, Any]:
        """What ``limits_template``, below the settings, gets besides ``installation``."""
        return {}

    def health(self) -> Health:
        """How this installation is doing."""
        raise NotImplementedError("Subclasses must implement health()")


@dataclass(frozen=True)
class Api:
    """An API of an add-on: the prefix of its paths (no leading slash) and the module of its URLs.

    It is for programs: its requests have no session and no ``user``, and no form's token is asked for.

    ``errors`` is the dotted path of a ``printmgmt.errors.ApiErrors``, which answers what goes wrong below the
    prefix outside of its views.
    """

    prefix: str
    urls: str
    errors: str = ""


class AddonConfig(AppConfig):
    """The facts of an add-on, on its AppConfig. Django's app registry is the add-on registry."""

    # Without this pair an author who forgets ``default`` silently gets a plain AppConfig, because two
    # AppConfig classes are then in sight of his apps.py.
    default = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True

    slug: ClassVar[str]
    summary: ClassVar[Text]
    publisher: ClassVar[Text] = ""
    keywords: ClassVar[tuple[str, ...]] = ()
    icon: ClassVar[str] = "puzzle"
    addon_class: ClassVar[str]
    learn_more_template: ClassVar[str] = ""
    consent_template: ClassVar[str] = ""
    pause_note: ClassVar[Text] = ""
    allows_several: ClassVar[bool] = False
    several_note: ClassVar[Text] = ""
    history_view: ClassVar[str] = ""
    urls: ClassVar[str] = ""
    apis: ClassVar[tuple[Api, ...]] = ()
    checks: ClassVar[tuple[str, ...]] = ()

    def extend(self, console: Extensions) -> None:
        """Register what the add-on shows in the console. Called once, at start."""

    def addon_type(self) -> type[Addon]:
        """Import and return the class named in ``addon_class``."""
        return import_string(self.addon_class)  # type: ignore[no-any-return]

    def bind(self, installation: Installation) -> Addon:
        """Return the add-on's behavior for ``installation``."""
        return self.addon_type()(installation)

    def matches(self, text: str) -> bool:
        """Whether every word of a catalogue search occurs in name, summary, publisher or keywords."""
        haystack = " ".join(
            map(str, (self.verbose_name, self.summary, self.publisher, *self.keywords))
        ).casefold()
        return all(word in haystack for word in text.casefold().split())


def all_addons() -> Iterator[AddonConfig]:
    """Every add-on of this console, in the order of INSTALLED_APPS."""
    return (config for config in apps.get_app_configs() if isinstance(config, AddonConfig))


def addon_by_slug(slug: str) -> AddonConfig | None:
    """The add-on with this slug, or None."""
    return next((config for config in all_addons() if config.slug == slug), None)
