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


class OrganizationMixin(View):
    """Finds ``organization`` and ``administrator``, also for the templates, or answers 404 and 403.

    Every page states its ``roles``; one that does not shows itself to nobody, and fails a test. A stranger
    gets the same 404 for an organization that exists and one that does not.
    """

    roles: ClassVar[frozenset[Role]] = frozenset()
    administrator: Administrator

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        administrator = (
            Administrator.objects.active()
            .filter(organization__slug=kwargs["organization"], account=request.user.pk)
            .select_related("organization", "account")
            .first()
        )
        if administrator is None:
            raise Http404(_("There is no such organization, or you do not administer it."))
        if administrator.role not in self.roles:
            raise PermissionDenied(_("Your role may not do this."))
        self.administrator = administrator
        # For the context processor, which knows the request only.
        request.organization, request.administrator = administrator.organization, administrator  # type: ignore[attr-defined]
        # Without the URL's arguments, which are on ``self.kwargs``: TemplateView would hand them to the
        # template, where the slug would stand in the way of the organization.
        return super().dispatch(request)

    @property
    def organization(self) -> Organization:
        """Whose page this is: the first filter of every query."""
        return self.administrator.organization

    @property
    def account(self) -> Account:
        """Who is signed in."""
        return self.administrator.account

    @property
    def actor(self) -> Actor:
        """Who changes something on this page."""
        return Actor(
            kind=ActorKind.ACCOUNT,
            label=self.account.email,
            id=str(self.account.pk),
            request_id=getattr(self.request, "request_id", ""),
        )
