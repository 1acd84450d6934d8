"""Addresses of groups, inside an organization."""

from django.urls import path

from printmgmt.console.groups.views.changes import (
    GroupAddView,
    GroupDeleteView,
    GroupRenameView,
    GroupRestoreView,
)
from printmgmt.console.groups.views.group import GroupView
from printmgmt.console.groups.views.groups import GroupsView
from printmgmt.console.groups.views.members import GroupMembersRemoveView, GroupMembersView
from printmgmt.console.groups.views.timeline import GroupTimelineView

urlpatterns = [
    path("groups/", GroupsView.as_view(), name="groups"),
    path("groups/add/", GroupAddView.as_view(), name="group_add"),
    path("groups/<uuid:group>/", GroupView.as_view(), name="group"),
    path("groups/<uuid:group>/timeline/", GroupTimelineView.as_view(), name="group_timeline"),
    path("groups/<uuid:group>/rename/", GroupRenameView.as_view(), name="group_rename"),
    path("groups/<uuid:group>/delete/", GroupDeleteView.as_view(), name="group_delete"),
    path("groups/<uuid:group>/restore/", GroupRestoreView.as_view(), name="group_restore"),
    path("groups/<uuid:group>/members/", GroupMembersView.as_view(), name="group_members"),
    path(
        "groups/<uuid:group>/members/remove/", GroupMembersRemoveView.as_view(), name="group_members_remove"
    ),
]
