"""One's own account: name and language, and the way to password, two-factor authentication and sessions."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import UpdateView

from printmgmt.organizations.models import Account
from printmgmt.organizations.two_factor import has_two_factor

AS_THE_BROWSER = ("", gettext_lazy("Browser default"))


class AccountForm(forms.ModelForm[Account]):
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[AS_THE_BROWSER, *settings.LANGUAGES],
    )

    class Meta:
        model = Account
        fields = ("name", "language")


class AccountView(LoginRequiredMixin, UpdateView[Account, AccountForm]):
    template_name = "console/account/account.html"
    form_class = AccountForm
    success_url = reverse_lazy("account")

    def get_object(self, queryset: Any = None) -> Account:
        # The row, not the request's own user: an invalid form writes what was typed onto the instance.
        return get_object_or_404(Account, pk=self.request.user.pk)

    def form_valid(self, form: AccountForm) -> HttpResponse:
        answer = super().form_valid(form)
        with translation.override(self.object.language or translation.get_language()):
            messages.success(self.request, _("Saved."))
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, has_two_factor=has_two_factor(self.object))
