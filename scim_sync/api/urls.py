"""Addresses below a Tenant URL; each with or without a trailing slash, anything else answered in SCIM."""

from django.urls import re_path

from scim_sync.api.base import UnknownEndpoint
from scim_sync.api.discovery import ResourceTypesView, SchemasView, ServiceProviderConfigView
from scim_sync.api.groups import GroupsView, GroupView
from scim_sync.api.me import MeView
from scim_sync.api.users import UsersView, UserView

app_name = "scim"

TENANT = r"^v2/(?P<installation>[^/]+)"

urlpatterns = [
    re_path(rf"{TENANT}/Users/?$", UsersView.as_view(), name="users"),
    re_path(rf"{TENANT}/Users/(?P<user_id>[^/]+)/?$", UserView.as_view(), name="user"),
    re_path(rf"{TENANT}/Groups/?$", GroupsView.as_view(), name="groups"),
    re_path(rf"{TENANT}/Groups/(?P<group_id>[^/]+)/?$", GroupView.as_view(), name="group"),
    re_path(rf"{TENANT}/Schemas(?:/(?P<document_id>[^/]+))?/?$", SchemasView.as_view(), name="schemas"),
    re_path(
        rf"{TENANT}/ResourceTypes(?:/(?P<document_id>[^/]+))?/?$",
        ResourceTypesView.as_view(),
        name="resource-types",
    ),
    re_path(rf"{TENANT}/ServiceProviderConfig/?$", ServiceProviderConfigView.as_view(), name="config"),
    re_path(rf"{TENANT}/Me/?$", MeView.as_view(), name="me"),
    re_path(rf"{TENANT}(?:/.*)?$", UnknownEndpoint.as_view(), name="unknown"),
]
