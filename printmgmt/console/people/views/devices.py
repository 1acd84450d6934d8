"""A person's devices: revoked one by one."""

from django.contrib import messages
from django.utils.translation import gettext as _

from printmgmt.console.people.views.base import PersonChangeView
from printmgmt.console.shell.pages import page
from printmgmt.organizations.permissions import GIVE_CREDENTIALS
from printmgmt.people.revocations import revoke_device


@page("people/<uuid:person>/devices/<uuid:device>/revoke/", "console:person_device_revoke")
class DeviceRevokeView(PersonChangeView):
    """One device, refused from now on; its person may enrol it again."""

    roles = GIVE_CREDENTIALS

    def change(self) -> None:
        device = revoke_device(self.person, self.kwargs["device"], by=self.actor)
        if device is None:
            messages.info(self.request, _("It was already revoked."))
        else:
            self.done(_("The device %(device)s was revoked.") % {"device": device.name})
