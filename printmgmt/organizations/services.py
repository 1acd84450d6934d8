"""Making organizations and their first owner; who administers, and who is told."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from printmgmt.organizations.models import Account, Administrator, Organization
from printmgmt.organizations.roles import MANAGERS, Role


@transaction.atomic
def create_organization(name: str, *, owner_email: str) -> tuple[Organization, Account]:
    """Make an organization with a free slug and its owner, whose account is made when there is none.

    Raises InvalidAddress.
    """
    organization = Organization.objects.create(name=name, slug=_free_slug(name))
    account = Account.objects.of_address(owner_email) or Account.objects.create_user(owner_email)
    Administrator.objects.create(organization=organization, account=account, role=Role.OWNER)
    return organization, account


def _free_slug(name: str) -> str:
    base = slugify(name)[:50].strip("-") or "organization"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return (
        base if base not in taken else next(s for n in range(2, 10_000) if (s := f"{base}-{n}") not in taken)
    )


def sign_in_url(account: Account) -> str:
    """Where the account signs in: a one-use link to set the first password, else the sign-in page."""
    if account.has_usable_password():
        path = reverse("account_login")
    else:
        link = {"uidb36": user_pk_to_url_str(account), "key": default_token_generator.make_token(account)}
        path = reverse("account_reset_password_from_key", kwargs=link)
    return f"{settings.PUBLIC_URL}{path}"


def told_readers(organization: Organization) -> list[tuple[str, str]]:
    """Who is told what happens: e-mail address and chosen language (or "") of each manager, in order."""
    managers = organization.administrators.active().filter(role__in=MANAGERS)
    return list(managers.order_by("account__email").values_list("account__email", "account__language"))


def told_addresses(organization: Organization) -> list[str]:
    """E-mail addresses of the owners and administrators who are told what happens, in order."""
    return [address for address, _language in told_readers(organization)]


@dataclass(frozen=True)
class EndedAccess:
    """What became of a leaver's own access to the console."""

    administrator: Administrator
    last_owner: bool


def end_administrator_access(organization: Organization, emails: set[str], run_id: UUID) -> list[EndedAccess]:
    """Take the console access of accounts with one of these e-mail addresses, in this organization.

    The rows remember ``run_id``. The last owner keeps access: then ``last_owner`` is True and that row is
    unchanged. Call inside a transaction; one query when nobody matches.
    """
    administrators = organization.administrators.active()
    matching = set(administrators.filter(account__email__in=emails).values_list("pk", flat=True))
    if not matching:
        return []
    # The owners under lock too, or two leaving at once would each see the other; in one order for everybody.
    concerned = administrators.filter(Q(pk__in=matching) | Q(role=Role.OWNER)).select_related("account")
    locked = list(concerned.order_by("pk").select_for_update(of=("self",), no_key=True))
    owners = sum(administrator.role == Role.OWNER for administrator in locked)
    ended = []
    for administrator in locked:
        if administrator.pk not in matching:
            continue
        is_last_owner = administrator.role == Role.OWNER and owners == 1
        if not is_last_owner:
            administrator.disabled_at = timezone.now()
            administrator.disabled_by_run = run_id
            administrator.save(update_fields=["disabled_at", "disabled_by_run"])
            owners -= administrator.role == Role.OWNER
        ended.append(EndedAccess(administrator, last_owner=is_last_owner))
    return ended


def give_access_back(organization: Organization, run_ids: Collection[UUID]) -> list[Administrator]:
    """Undo what ``end_administrator_access`` did for these runs; return who is back."""
    ended = organization.administrators.filter(disabled_by_run__in=run_ids).select_related("account")
    administrators = list(ended)
    for administrator in administrators:
        administrator.disabled_at = administrator.disabled_by_run = None
        administrator.save(update_fields=["disabled_at", "disabled_by_run"])
    return administrators
