"""Addresses of the audit, inside an organization."""

from django.urls import path

from printmgmt.console.audit.views import AuditView

urlpatterns = [
    path("audit/", AuditView.as_view(), name="audit"),
]
