"""Creates organizations with their first owner; lists the administrators to notify."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.text import slugify

from printmgmt.organizations.models import Account, Administrator, Organization
from printmgmt.organizations.roles import MANAGERS, Role


@transaction.atomic
def create_organization(name: str, *, owner_email: str) -> tuple[Organization, Account]:
    """Create an organization with a free slug, and its owner, with a new account if there is none.

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
    """Return a one-use link to set the first password, or the sign-in page if the account has a password."""
    if account.has_usable_password():
        path = reverse("account_login")
    else:
        link = {"uidb36": user_pk_to_url_str(account), "key": default_token_generator.make_token(account)}
        path = reverse("account_reset_password_from_key", kwargs=link)
    return f"{settings.PUBLIC_URL}{path}"


def managers_to_notify(organization: Organization) -> list[tuple[str, str]]:
    """Return the managers to notify, in order: (email address, chosen language or "")."""
    managers = organization.administrators.active().filter(role__in=MANAGERS)
    return list(managers.order_by("account__email").values_list("account__email", "account__language"))


def addresses_to_notify(organization: Organization) -> list[str]:
    """Return the email addresses of the managers to notify, in order."""
    return [address for address, _language in managers_to_notify(organization)]
