"""The page behind an invitation's link: accept with the account one has, or make one."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.audit.services import record
from printmgmt.organizations.invitations import InvitationError, accept, find
from printmgmt.organizations.models import Account, Administrator, Invitation


class NewAccountForm(forms.Form):
    """A name and a first password."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=1024,
        help_text=gettext_lazy(
            "At least twelve characters. A few words in a row are easy to remember and hard to guess."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if password := cleaned.get("password"):
            try:
                validate_password(password, Account(email=self.email, name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


@method_decorator([login_not_required, never_cache], name="dispatch")
class InvitationView(View):
    """Knows three visitors: the invited account, one that has to sign in first, one without account."""

    invitation: Invitation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        invitation = find(kwargs["token"])
        if invitation is None:
            return render(request, "console/account/invitation_dead.html", status=410)
        self.invitation = invitation
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._page(NewAccountForm(email=self.invitation.email))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if request.user.is_authenticated:
            return self._entered(token, request.user) or redirect("home")
        form = NewAccountForm(request.POST, email=self.invitation.email)
        if self._account_exists() or not form.is_valid():
            return self._page(form)
        answer = self._entered(token, None, form.cleaned_data)
        if answer is None:
            return redirect("account_login")
        chosen = {"login": self.invitation.email, "password": form.cleaned_data["password"]}
        login = LoginForm(chosen, request=request)
        return login.login(request, redirect_url=answer["Location"]) if login.is_valid() else answer

    def _entered(
        self, token: str, account: Account | None, chosen: dict[str, str] | None = None
    ) -> HttpResponse | None:
        """Accept, for a new account too: all or nothing. None, with a message, when it works no longer."""
        try:
            with transaction.atomic():
                administrator = accept(token, account or _first_password(self.invitation.email, chosen or {}))
                self._record(administrator)
        except InvitationError as error:
            messages.error(self.request, str(error))
            return None
        where = administrator.organization
        messages.success(self.request, _("Welcome to %(organization)s.") % {"organization": where.name})
        return redirect("console:dashboard", organization=where.slug)

    def _record(self, administrator: Administrator) -> None:
        account = administrator.account
        by = Actor(
            kind=ActorKind.ACCOUNT,
            label=account.email,
            id=str(account.pk),
            request_id=getattr(self.request, "request_id", ""),
        )
        record(
            administrator.organization,
            "invitation.accepted",
            by=by,
            object_type="administrator",
            object_id=administrator.pk,
            label=account.email,
            role=administrator.role,
        )

    def _account_exists(self) -> bool:
        """Whether the invited address can sign in, and so has to: a link alone must not open an account."""
        account = Account.objects.filter(email=self.invitation.email).first()
        return account is not None and (account.has_usable_password() or not account.is_active)

    def _page(self, form: NewAccountForm) -> HttpResponse:
        user = self.request.user
        context = {
            "form": form,
            "invitation": self.invitation,
            "is_other": user.is_authenticated and user.email != self.invitation.email,
            "must_sign_in": not user.is_authenticated and self._account_exists(),
        }
        return render(self.request, "console/account/invitation.html", context)


def _first_password(email: str, chosen: dict[str, str]) -> Account:
    """The account of this address, made when there is none, with its first name and password."""
    accounts = Account.objects.select_for_update()
    account, _made = accounts.get_or_create(email=email, defaults={"password": make_password(None)})
    if account.has_usable_password():  # someone was faster: now the link only leads to the sign-in page
        raise InvitationError(_("This address already has an account. Sign in to accept."))
    account.name = chosen["name"]
    account.set_password(chosen["password"])
    account.save()
    return account
