"""The watch on add-ons' health: what is told once, what again, and what never."""

from collections.abc import Callable

import pytest
from django.utils import timezone, translation

from addons.base import Health
from addons.disposition import Disposition
from addons.models import Installation, Watch
from addons.services import get_addon, install, uninstall
from addons.tasks import watch as task
from addons.watching import watch, watch_one
from printmgmt.celery import app
from printmgmt.mail.models import Mail
from printmgmt.organizations.models import Account
from scim_sync.addon import AzureAdUserSync
from tests import factories
from tests.due import outbox

pytestmark = pytest.mark.django_db

FINE = Health.ok("All is well.")
BROKEN = Health.error("It broke.", condition="broken", headline="it does not work", advice="Mend it.")
WORSE = Health.error("It broke down.", condition="worse", headline="it works even less")
TRYING = Health.warning("It tries again.")
OFF = Health.waiting("Off.")


@pytest.fixture
def installation() -> Installation:
    return factories.installed(factories.organization("Contoso"))


Mailed = Callable[..., list[str]]


@pytest.fixture
def mailed(monkeypatch: pytest.MonkeyPatch) -> Mailed:
    """Call it for the subjects of the mails after these healths, one round each."""

    def subjects(installation: Installation, *course: Health) -> list[str]:
        for health in course:
            monkeypatch.setattr(AzureAdUserSync, "health", lambda addon, health=health: health)
            watch_one(installation, health)
            outbox()
        return [sent.subject.partition(": ")[2] for sent in outbox()]

    return subjects


AGAIN = "Microsoft Azure AD User Sync is working again"


@pytest.mark.parametrize(
    ("course", "subjects"),
    [
        ([FINE, FINE], []),
        ([OFF, FINE], []),
        ([BROKEN, BROKEN], ["it does not work"]),
        ([BROKEN, FINE, FINE], ["it does not work", AGAIN]),
        ([BROKEN, TRYING, BROKEN], ["it does not work"]),
        ([BROKEN, OFF, FINE], ["it does not work", AGAIN]),
        ([BROKEN, WORSE, BROKEN], ["it does not work", "it works even less", "it does not work"]),
        ([BROKEN, FINE, BROKEN, FINE], ["it does not work", AGAIN] * 2),
    ],
)
def test_a_change_that_matters_is_mailed_once(
    installation: Installation, mailed: Mailed, course: list[Health], subjects: list[str]
) -> None:
    assert mailed(installation, *course) == subjects


def test_the_mail_says_what_is_wrong_what_to_do_and_where(installation: Installation, mailed: Mailed) -> None:
    mailed(installation, BROKEN)

    assert outbox()[0].subject == "Contoso: it does not work"
    assert outbox()[0].body.startswith("It broke.\n\nMend it.\n\n")
    page = f"/o/{installation.organization.slug}/add-ons/{installation.slug}/{installation.pk}/"
    assert page in outbox()[0].body


def test_a_mail_that_could_not_be_sent_is_sent_later(
    installation: Installation, mailed: Mailed, settings: object
) -> None:
    working = settings.EMAIL_BACKEND  # type: ignore[attr-defined]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]
    assert mailed(installation, BROKEN) == []
    settings.EMAIL_BACKEND = working  # type: ignore[attr-defined]
    Mail.objects.update(due_at=timezone.now())

    assert mailed(installation, BROKEN) == ["it does not work"]


def test_a_mail_that_waits_while_all_is_well_again_is_not_sent(
    installation: Installation, mailed: Mailed
) -> None:
    watch_one(installation, BROKEN)
    watch_one(installation, FINE)

    assert mailed(installation, FINE) == [AGAIN]


def test_a_mail_that_waits_while_it_is_retried_says_nothing_untrue(
    installation: Installation, mailed: Mailed
) -> None:
    watch_one(installation, BROKEN)
    assert mailed(installation, TRYING) == []
    Mail.objects.update(due_at=timezone.now())

    assert mailed(installation, BROKEN) == ["it does not work"]


def test_the_address_in_the_settings_is_notified_too(mailed: Mailed) -> None:
    contoso = factories.organization("Contoso")

    mailed(factories.installed(contoso, notification_address="it@contoso.example"), BROKEN)

    assert outbox()[0].to[-1] == "it@contoso.example"


def test_the_mail_is_in_the_language_of_its_reader(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    Account.objects.update(language="fr")

    def read(addon: AzureAdUserSync) -> Health:
        language = str(translation.get_language())
        return Health.error(language, condition="broken", headline=language)

    monkeypatch.setattr(AzureAdUserSync, "health", read)
    watch()

    assert outbox()[0].subject == "Contoso: fr"
    assert outbox()[0].body.startswith("fr\n")


def test_one_add_on_that_cannot_be_read_leaves_the_others_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    crashing = factories.installed(factories.organization("Contoso"))
    other = factories.installed(factories.organization("Fabrikam"))

    def health(addon: AzureAdUserSync) -> Health:
        if addon.installation == crashing:
            raise ValueError
        return BROKEN

    monkeypatch.setattr(AzureAdUserSync, "health", health)
    watch()

    assert Watch.objects.get().installation == other


def test_what_is_uninstalled_is_not_watched(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AzureAdUserSync, "health", lambda addon: BROKEN)
    uninstall(installation, Disposition.KEEP, by=factories.TESTER)

    watch()

    assert outbox() == []


def test_every_add_on_is_watched_by_the_clock() -> None:
    app.loader.import_default_modules()

    assert app.conf.beat_schedule["addons-watch"]["task"] == task.name
    assert task.name in app.tasks


def test_the_mail_about_one_of_several_says_which(installation: Installation, mailed: Mailed) -> None:
    organization = installation.organization
    lyon = install(organization, get_addon(factories.ADDON), by=factories.TESTER, name="Lyon\nBcc: <b>")

    mailed(lyon, BROKEN, FINE)

    assert [sent.subject for sent in outbox()] == [
        "Contoso, Lyon Bcc: <b>: it does not work",
        "Contoso: Lyon Bcc: <b> is working again",
    ]
    for sent in outbox():
        assert "Details of Microsoft Azure AD User Sync, Lyon Bcc: <b>:\n\nhttp" in sent.body
