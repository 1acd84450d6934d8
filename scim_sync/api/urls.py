"""Addresses below a Tenant URL: any letter case, a trailing slash or none; the rest is answered too."""

import re

from django.urls import URLPattern, re_path

from scim_sync.adapters.extending import publish_extensions
from scim_sync.api.base import ScimView, UnknownEndpoint
from scim_sync.api.bulk import BulkView
from scim_sync.api.discovery import ResourceTypesView, SchemasView, ServiceProviderConfigView
from scim_sync.api.groups import GroupsSearchView, GroupsView, GroupView
from scim_sync.api.me import MeView
from scim_sync.api.root import RootSearchView, RootView
from scim_sync.api.users import UsersSearchView, UsersView, UserView

app_name = "scim"


def _any_case(name: str) -> str:
    """A pattern of an endpoint's name in any letter case; Django cannot reverse one with a flag in it."""
    return "".join(f"[{each}{each.swapcase()}]" if each.isalpha() else re.escape(each) for each in name)


def _below_tenant(endpoint: str, view: type[ScimView], name: str, *, rest: str = "") -> URLPattern:
    path = rf"^v2/(?P<installation>[^/]+){_any_case(endpoint)}{rest}/?$"
    return re_path(path, view.as_view(), name=name)


ONE_DOCUMENT = "(?:/(?P<document_id>[^/]+))?"

urlpatterns = [
    _below_tenant("/Users", UsersView, "users"),
    _below_tenant("/Users/.search", UsersSearchView, "users-search"),
    _below_tenant("/Users", UserView, "user", rest="/(?P<user_id>[^/]+)"),
    _below_tenant("/Groups", GroupsView, "groups"),
    _below_tenant("/Groups/.search", GroupsSearchView, "groups-search"),
    _below_tenant("/Groups", GroupView, "group", rest="/(?P<group_id>[^/]+)"),
    _below_tenant("/Bulk", BulkView, "bulk"),
    _below_tenant("/.search", RootSearchView, "root-search"),
    _below_tenant("/Schemas", SchemasView, "schemas", rest=ONE_DOCUMENT),
    _below_tenant("/ResourceTypes", ResourceTypesView, "resource-types", rest=ONE_DOCUMENT),
    _below_tenant("/ServiceProviderConfig", ServiceProviderConfigView, "config"),
    _below_tenant("/Me", MeView, "me"),
    _below_tenant("", RootView, "root"),
    _below_tenant("", UnknownEndpoint, "unknown", rest="(?:/.*)?"),
]

# The adapter is not imported when Django starts, since processes without these addresses do without it.
publish_extensions()
