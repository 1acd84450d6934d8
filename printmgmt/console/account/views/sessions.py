"""Signing out of one session; the list and "everywhere else" are allauth's."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views import View

from printmgmt.console.account.browsers import browser_words


class SessionEndView(LoginRequiredMixin, View):
    """End one of the own sessions: its browser has to sign in again."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, session: int) -> HttpResponse:
        ended = get_object_or_404(UserSession, pk=session, user=request.user.pk)
        ended.end()
        text = _("Signed out %(browser)s.") % {"browser": browser_words(ended.user_agent)}
        messages.success(request, text)
        return redirect("usersessions_list")
