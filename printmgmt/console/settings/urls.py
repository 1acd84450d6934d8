"""Addresses of the organization's settings, inside an organization."""

from django.urls import path

from printmgmt.console.settings.views import OrganizationSettingsView, PolicySettingsView, SettingsView

urlpatterns = [
    path("settings/", SettingsView.as_view(), name="settings"),
    path("settings/organization/", OrganizationSettingsView.as_view(), name="settings_organization"),
    path("settings/policy/", PolicySettingsView.as_view(), name="settings_policy"),
]
