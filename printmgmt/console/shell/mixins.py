"""What every page inside an organization shares: whose page it is, and who may see it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django_htmx.http import HttpResponseClientRedirect

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.deadlocks import retry_on_deadlock
from printmgmt.deprovisioning.models import BatchState, BreakerBatch
from printmgmt.organizations.models import Account, Administrator, Organization
from printmgmt.organizations.moments import zone_of
from printmgmt.organizations.roles import Role
from printmgmt.organizations.two_factor import has_two_factor

READING = ("GET", "HEAD", "OPTIONS")

_OPEN_BATCH = BreakerBatch.objects.filter(
    organization=OuterRef("organization"), state=BatchState.OPEN
).values("pk")[:1]


class OrganizationMixin(View):
    """Finds ``organization`` and ``administrator``, also for the templates, or answers 404 and 403.

    Where the organization asks for two-factor authentication, accounts without it have to set it up first.

    Every page states its ``roles``; one that does not shows itself to nobody, and fails a test. Where a page
    with a form may be read by more of them, it states these as ``readers``. A stranger gets the same 404 for
    an organization that exists and one that does not.
    """

    roles: ClassVar[frozenset[Role]] = frozenset()
    readers: ClassVar[frozenset[Role]] = frozenset()
    administrator: Administrator

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The page; a change that the database broke off for the sake of another is made again."""
        view = super().as_view(**initkwargs)

        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            queued: list[Any] = getattr(get_messages(request), "_queued_messages", [])
            known = len(queued)

            def attempt() -> HttpResponseBase:
                del queued[known:]  # no message about what was rolled back
                return view(request, *args, **kwargs)  # on a view of its own, which has read nothing yet

            return retry_on_deadlock(attempt)

        return page

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        administrator = (
            Administrator.objects.active()
            .filter(organization__slug=kwargs["organization"], account=request.user.pk)
            .select_related("organization", "account")
            .annotate(open_batch=Subquery(_OPEN_BATCH))  # for the notice on every page
            .first()
        )
        if administrator is None:
            raise Http404(_("This organization does not exist, or you do not have access to it."))
        if administrator.organization.require_two_factor and not has_two_factor(administrator.account):
            return _to_two_factor(request, administrator.organization)
        allowed = self.roles | self.readers if request.method in READING else self.roles
        if administrator.role not in allowed:
            raise PermissionDenied(_("Your role does not allow this."))
        self.administrator = administrator
        # For the context processor, which knows the request only.
        request.organization, request.administrator = administrator.organization, administrator  # type: ignore[attr-defined]
        # Without the URL's arguments, which are on ``self.kwargs``: TemplateView would hand them to the
        # template, where the slug would stand in the way of the organization.
        with timezone.override(zone_of(administrator.organization)):
            response = super().dispatch(request)
            if isinstance(response, SimpleTemplateResponse):
                response.render()  # Django would do it after the view, with the server's zone
        return response

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


def _to_two_factor(request: HttpRequest, organization: Organization) -> HttpResponseBase:
    if request.headers.get("HX-Request"):  # a redirect would put that page's remains into a list
        return HttpResponseClientRedirect(resolve_url("mfa_index"))
    text = _("%(organization)s requires two-factor authentication. Set it up to continue.")
    messages.warning(request, text % {"organization": organization.name})
    return redirect("mfa_index")
