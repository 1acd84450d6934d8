"""Inviting administrators, sending the mail again, withdrawing."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from printmgmt.audit.services import record
from printmgmt.console.administrators.views.roles import roles_table
from printmgmt.console.shell.mail_limit import TOO_MANY, may_mail
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.pages import page
from printmgmt.errors import Gone
from printmgmt.organizations.administrators import may_give
from printmgmt.organizations.invitations import InvitationError, invite, renew
from printmgmt.organizations.models import Invitation
from printmgmt.organizations.permissions import INVITE
from printmgmt.organizations.roles import Role


class InvitationForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("Email address"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("Role"), initial=Role.HELPDESK)

    def __init__(self, *args: Any, giver: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = cast("forms.ChoiceField", self.fields["role"])
        role.choices = [(value, label) for value, label in Role.choices if may_give(giver, value)]


class InvitationMixin(OrganizationMixin):
    """What both ways of mailing share: the audit event, the limit and the messages."""

    roles = INVITE

    def audit(self, verb: str, invitation: Invitation) -> None:
        """Record what was done with an invitation."""
        record(
            self.organization,
            verb,
            by=self.actor,
            object_type="invitation",
            object_id=invitation.pk,
            label=invitation.email,
            role=invitation.role,
        )

    def may_mail(self) -> bool:
        """Count one mail; False, with a message, when there were too many."""
        if may_mail(self.request, self.account):
            return True
        messages.error(self.request, str(TOO_MANY))
        return False

    def done(self, invitation: Invitation) -> None:
        """Say that the mail is ordered."""
        text = _("Invitation sent to %(email)s.")
        messages.success(self.request, text % {"email": invitation.email})

    def back(self) -> HttpResponse:
        """To the list."""
        return redirect("console:administrators", organization=self.organization.slug)


@page("administrators/invite/", "console:administrator_invite")
class AdministratorInviteView(InvitationMixin, FormView[InvitationForm]):
    template_name = "console/administrators/invite.html"
    form_class = InvitationForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "giver": self.administrator.role}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **roles_table())

    def form_valid(self, form: InvitationForm) -> HttpResponse:
        if not self.may_mail():
            return self.back()
        email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
        try:
            with transaction.atomic():
                invitation = invite(self.organization, email, role, by=self.administrator)
                self.audit("invitation.sent", invitation)
        except InvitationError as error:
            form.add_error("email", str(error))
            return self.form_invalid(form)
        self.done(invitation)
        return self.back()


class OneInvitationView(InvitationMixin):
    """A change of one invitation that nobody has accepted yet."""

    http_method_names = ["post"]

    def locked(self) -> Invitation:
        """The invitation in the URL, or 404; 403 when the role is not this administrator's to give."""
        rows = self.organization.invitations.select_for_update().filter(accepted_at__isnull=True)
        invitation = rows.filter(pk=self.kwargs["invitation"]).first()
        if invitation is None:
            raise Gone(
                _(
                    "This invitation was accepted or withdrawn in the meantime. See the list of "
                    "administrators."
                )
            )
        if not may_give(self.administrator.role, invitation.role):
            raise PermissionDenied(_("Only an owner may invite an owner."))
        return invitation


@page("administrators/invitations/<int:invitation>/resend/", "console:administrator_invitation_resend")
class InvitationResendView(OneInvitationView):
    """A new link, and seven more days; the old link is dead."""

    def post(self, request: HttpRequest) -> HttpResponseBase:
        if not self.may_mail():
            return self.back()
        with transaction.atomic():
            invitation = self.locked()
            renew(invitation, by=self.administrator)
            self.audit("invitation.resent", invitation)
        self.done(invitation)
        return self.back()


@page("administrators/invitations/<int:invitation>/withdraw/", "console:administrator_invitation_withdraw")
class InvitationWithdrawView(OneInvitationView):
    def post(self, request: HttpRequest) -> HttpResponseBase:
        with transaction.atomic():
            invitation = self.locked()
            self.audit("invitation.withdrawn", invitation)
            invitation.delete()
        messages.success(request, _("Invitation to %(email)s withdrawn.") % {"email": invitation.email})
        return self.back()
