"""What every page inside an organization shares: whose page it is, and who may see it."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views import View

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.organizations.models import Account, Administrator, Organization
from printmgmt.organizations.roles import Role


class ConsoleRequest(HttpRequest):
    """A request inside an organization, as `OrganizationMixin` hands it to the view (for type checkers)."""

    user: Account
    organization: Organization
    administrator: Administrator
    request_id: str


class OrganizationMixin(View):
    """Puts ``organization`` and ``administrator`` on the request, or answers 404 and 403.

    Every page states its ``roles``; one that does not shows itself to nobody, and fails a test. A stranger
    gets the same 404 for an organization that exists and one that does not.
    """

    request: ConsoleRequest
    roles: ClassVar[frozenset[Role]] = frozenset()

    def dispatch(self, request: ConsoleRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        administrator = (
            Administrator.objects.active()
            .filter(organization__slug=kwargs["organization"], account=request.user)
            .select_related("organization")
            .first()
        )
        if administrator is None:
            raise Http404(_("There is no such organization, or you do not administer it."))
        if administrator.role not in self.roles:
            raise PermissionDenied(_("Your role may not do this."))
        request.organization = administrator.organization
        request.administrator = administrator
        return super().dispatch(request, *args, **kwargs)

    @property
    def organization(self) -> Organization:
        """Whose page this is: the first filter of every query."""
        return self.request.organization

    @property
    def actor(self) -> Actor:
        """Who changes something on this page."""
        account = self.request.user
        return Actor(
            kind=ActorKind.ACCOUNT,
            label=account.email,
            id=str(account.pk),
            request_id=self.request.request_id,
        )
