"""Addresses of administrators, invitations and roles, inside an organization."""

from django.urls import path

from printmgmt.console.administrators.views.administrators import AdministratorsView, AdministratorView
from printmgmt.console.administrators.views.changes import (
    AdministratorKeepAccessView,
    AdministratorKeepEndedView,
    AdministratorRemoveView,
    AdministratorRestoreView,
    AdministratorRoleView,
)
from printmgmt.console.administrators.views.invitations import (
    AdministratorInviteView,
    InvitationResendView,
    InvitationWithdrawView,
)
from printmgmt.console.administrators.views.roles import RolesView
from printmgmt.console.administrators.views.two_factor import (
    AdministratorTwoFactorResetView,
    TwoFactorRequirementView,
)

urlpatterns = [
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
