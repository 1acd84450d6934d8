"""Cards and PINs of a person: given, replaced, rotated, revoked."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from printmgmt.console.people.forms.credentials import CardForm, PinForm, PinWay
from printmgmt.console.people.views.base import PersonChangeView, PersonMixin
from printmgmt.console.shell.mail_limit import TOO_MANY, may_mail
from printmgmt.console.shell.pages import page
from printmgmt.organizations.email_addresses import InvalidAddress
from printmgmt.organizations.permissions import GIVE_CREDENTIALS
from printmgmt.people.credentials import set_card, set_pin
from printmgmt.people.exceptions import CardTaken, InvalidName, PersonGone
from printmgmt.people.models import CONSOLE, CredentialKind, PrintUser
from printmgmt.people.pins import post_pin, rotate_pin
from printmgmt.people.revocations import revoke_credential


@page("people/<uuid:person>/card/", "console:person_card")
@method_decorator(sensitive_post_parameters("number"), name="dispatch")
class PersonCardView(PersonMixin, FormView[CardForm]):
    """The card this console gives a person, in place of the one it gave before."""

    template_name = "console/people/card.html"
    form_class = CardForm
    roles = GIVE_CREDENTIALS

    def form_valid(self, form: CardForm) -> HttpResponse:
        try:
            card = set_card(self.person, form.cleaned_data["number"], by=self.actor)
        except CardTaken as error:
            form.add_error("number", str(error))
            holder = PrintUser.objects.of(self.organization).filter(pk=str(error.holder)).first()
            return self.render_to_response(self.get_context_data(form=form, holder=holder))
        except InvalidName as error:
            form.add_error("number", str(error))
            return self.form_invalid(form)
        except PersonGone as error:
            messages.error(self.request, str(error))
        else:
            text = _("The card ending in %(last4)s now works for %(person)s.")
            messages.success(self.request, text % {"last4": card.last4, "person": self.person})
        return redirect(self.person_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        replaced = self.person.credentials.filter(
            kind=CredentialKind.CARD, source=CONSOLE, revoked_at__isnull=True
        ).first()
        return super().get_context_data(**kwargs, person=self.person, replaced=replaced)


@page("people/<uuid:person>/pin/", "console:person_pin")
@method_decorator([never_cache, sensitive_post_parameters("pin")], name="dispatch")
class PersonPinView(PersonMixin, FormView[PinForm]):
    """A new PIN, chosen, mailed, or shown once in the answer itself: stored for another page it never is."""

    template_name = "console/people/pin.html"
    form_class = PinForm
    roles = GIVE_CREDENTIALS

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "work_email": self.person.work_email}

    def form_valid(self, form: PinForm) -> HttpResponse:
        # Before the old PIN is gone.
        if form.cleaned_data["way"] == PinWay.MAIL and not may_mail(self.request, self.account):
            form.add_error("way", str(TOO_MANY))
            return self.form_invalid(form)
        try:
            if form.cleaned_data["way"] == PinWay.TYPE:
                set_pin(self.person, form.cleaned_data["pin"], by=self.actor)
                messages.success(self.request, _("The PIN of %(person)s was set.") % {"person": self.person})
                return redirect(self.person_url())
            with transaction.atomic():
                pin = rotate_pin(self.person, by=self.actor)
                is_mailed = form.cleaned_data["way"] == PinWay.MAIL and self._posted(pin)
        except InvalidName as error:
            form.add_error("pin", str(error))
            return self.form_invalid(form)
        except PersonGone as error:
            messages.error(self.request, str(error))
            return redirect(self.person_url())
        if is_mailed:
            text = _("%(person)s has a new PIN. It is being emailed to %(address)s.")
            messages.success(self.request, text % {"person": self.person, "address": self.person.work_email})
            return redirect(self.person_url())
        context = self.get_context_data(form=form, pin=pin)
        return self.response_class(self.request, "console/people/pin_shown.html", context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, person=self.person)

    def _posted(self, pin: str) -> bool:
        """Order the mail with the PIN; where none can be sent, say so above the PIN: the old one is gone."""
        try:
            post_pin(self.person, pin, by=self.actor)
        except InvalidAddress as error:
            text = _("Cannot send email to %(address)s: %(error)s")
            messages.error(self.request, text % {"address": self.person.work_email, "error": error})
            return False
        return True


@page("people/<uuid:person>/credentials/<int:credential>/revoke/", "console:person_credential_revoke")
class CredentialRevokeView(PersonChangeView):
    """One card or PIN, taken away for ever."""

    roles = GIVE_CREDENTIALS

    def change(self) -> None:
        revoked = revoke_credential(self.person, self.kwargs["credential"], by=self.actor)
        if revoked is None:
            messages.info(self.request, _("It was already revoked."))
        elif revoked.kind == CredentialKind.CARD:
            self.done(_("The card ending in %(last4)s was revoked.") % {"last4": revoked.last4})
        else:
            self.done(_("The PIN of %(person)s was revoked.") % {"person": self.person})
