"""Addresses of the console inside an organization."""

from django.urls import path

from printmgmt.console.views.administrator_changes import (
    AdministratorKeepAccessView,
    AdministratorKeepEndedView,
    AdministratorRemoveView,
    AdministratorRestoreView,
    AdministratorRoleView,
)
from printmgmt.console.views.administrator_invitations import (
    AdministratorInviteView,
    InvitationResendView,
    InvitationWithdrawView,
)
from printmgmt.console.views.administrator_two_factor import (
    AdministratorTwoFactorResetView,
    TwoFactorRequirementView,
)
from printmgmt.console.views.administrators import AdministratorsView, AdministratorView
from printmgmt.console.views.audit import AuditView
from printmgmt.console.views.dashboard import DashboardView
from printmgmt.console.views.groups import GroupsView
from printmgmt.console.views.groups_detail import GroupView
from printmgmt.console.views.groups_forms import (
    GroupAddView,
    GroupDeleteView,
    GroupRenameView,
    GroupRestoreView,
)
from printmgmt.console.views.groups_members import GroupMembersRemoveView, GroupMembersView
from printmgmt.console.views.groups_timeline import GroupTimelineView
from printmgmt.console.views.leavers import LeaversView, RunView
from printmgmt.console.views.leavers_actions import RunTryAgainView
from printmgmt.console.views.people import PeopleView
from printmgmt.console.views.people_actions import (
    PersonBlockView,
    PersonDisallowView,
    PersonRemoveView,
    PersonRestoreView,
    PersonSuspendView,
    PersonUnblockView,
)
from printmgmt.console.views.people_credentials import CredentialRevokeView, PersonCardView, PersonPinView
from printmgmt.console.views.people_detail import PersonView
from printmgmt.console.views.people_devices import DeviceRevokeView
from printmgmt.console.views.people_forms import PersonAddView, PersonEditView
from printmgmt.console.views.people_groups import PersonGroupsRemoveView, PersonGroupsView
from printmgmt.console.views.people_reviews import RehireKeepView
from printmgmt.console.views.people_same import PersonMergeView, PersonSameView
from printmgmt.console.views.people_timeline import PersonTimelineView
from printmgmt.console.views.roles import RolesView
from printmgmt.console.views.settings import OrganizationSettingsView, PolicySettingsView, SettingsView

app_name = "console"

urlpatterns = [
    path("", DashboardView.as_view(), name="dashboard"),
    path("people/", PeopleView.as_view(), name="people"),
    path("people/add/", PersonAddView.as_view(), name="person_add"),
    path("people/<uuid:person>/", PersonView.as_view(), name="person"),
    path("people/<uuid:person>/edit/", PersonEditView.as_view(), name="person_edit"),
    path("people/<uuid:person>/timeline/", PersonTimelineView.as_view(), name="person_timeline"),
    path("people/<uuid:person>/suspend/", PersonSuspendView.as_view(), name="person_suspend"),
    path("people/<uuid:person>/block/", PersonBlockView.as_view(), name="person_block"),
    path("people/<uuid:person>/unblock/", PersonUnblockView.as_view(), name="person_unblock"),
    path("people/<uuid:person>/disallow/", PersonDisallowView.as_view(), name="person_disallow"),
    path("people/<uuid:person>/remove/", PersonRemoveView.as_view(), name="person_remove"),
    path("people/<uuid:person>/restore/", PersonRestoreView.as_view(), name="person_restore"),
    path("people/<uuid:person>/card/", PersonCardView.as_view(), name="person_card"),
    path("people/<uuid:person>/pin/", PersonPinView.as_view(), name="person_pin"),
    path(
        "people/<uuid:person>/credentials/<int:credential>/revoke/",
        CredentialRevokeView.as_view(),
        name="person_credential_revoke",
    ),
    path(
        "people/<uuid:person>/devices/<uuid:device>/revoke/",
        DeviceRevokeView.as_view(),
        name="person_device_revoke",
    ),
    path(
        "people/<uuid:person>/reviews/<int:item>/keep/", RehireKeepView.as_view(), name="person_rehire_keep"
    ),
    path("people/<uuid:person>/same/", PersonSameView.as_view(), name="person_same"),
    path("people/<uuid:person>/same/<uuid:other>/", PersonMergeView.as_view(), name="person_merge"),
    path("people/<uuid:person>/groups/", PersonGroupsView.as_view(), name="person_groups"),
    path(
        "people/<uuid:person>/groups/remove/", PersonGroupsRemoveView.as_view(), name="person_groups_remove"
    ),
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
    path("leavers/", LeaversView.as_view(), name="leavers"),
    path("leavers/<uuid:run>/", RunView.as_view(), name="run"),
    path("leavers/<uuid:run>/try-again/", RunTryAgainView.as_view(), name="run_try_again"),
    path("audit/", AuditView.as_view(), name="audit"),
    path("settings/", SettingsView.as_view(), name="settings"),
    path("settings/organization/", OrganizationSettingsView.as_view(), name="settings_organization"),
    path("settings/policy/", PolicySettingsView.as_view(), name="settings_policy"),
    path("administrators/", AdministratorsView.as_view(), name="administrators"),
    path("administrators/invite/", AdministratorInviteView.as_view(), name="administrator_invite"),
    path("administrators/roles/", RolesView.as_view(), name="administrator_roles"),
    path("administrators/two-factor/", TwoFactorRequirementView.as_view(), name="administrator_two_factor"),
    path("administrators/<int:administrator>/", AdministratorView.as_view(), name="administrator"),
    path(
        "administrators/<int:administrator>/role/", AdministratorRoleView.as_view(), name="administrator_role"
    ),
    path(
        "administrators/<int:administrator>/remove/",
        AdministratorRemoveView.as_view(),
        name="administrator_remove",
    ),
    path(
        "administrators/<int:administrator>/restore/",
        AdministratorRestoreView.as_view(),
        name="administrator_restore",
    ),
    path(
        "administrators/<int:administrator>/reset-two-factor/",
        AdministratorTwoFactorResetView.as_view(),
        name="administrator_two_factor_reset",
    ),
    path(
        "administrators/<int:administrator>/keep-ended/",
        AdministratorKeepEndedView.as_view(),
        name="administrator_keep_ended",
    ),
    path(
        "administrators/<int:administrator>/keep-access/",
        AdministratorKeepAccessView.as_view(),
        name="administrator_keep_access",
    ),
    path(
        "administrators/invitations/<int:invitation>/resend/",
        InvitationResendView.as_view(),
        name="administrator_invitation_resend",
    ),
    path(
        "administrators/invitations/<int:invitation>/withdraw/",
        InvitationWithdrawView.as_view(),
        name="administrator_invitation_withdraw",
    ),
]
