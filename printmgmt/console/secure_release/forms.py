"""Forms of secure release."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from printmgmt.printing.models import Printer
from printmgmt.printing.secure_release.devices import possible_devices
from printmgmt.printing.secure_release.ending import Then


class SecureReleaseForm(forms.Form):
    """The printers of a queue, and what happens if someone resumes it; the page shows a search above them."""

    devices = forms.ModelMultipleChoiceField(
        label=_("Printers to release at"),
        queryset=Printer.objects.none(),
        error_messages={
            "required": _("Choose at least one printer at which jobs are released."),
            "invalid_choice": _("One of these printers can no longer be chosen."),
        },
    )
    stops_again = forms.BooleanField(
        label=_("If someone resumes the queue, stop it again"),
        help_text=_(
            "The console checks every minute. Administrators are emailed in any case. Without this, the "
            "queue prints by itself until someone stops it."
        ),
        required=False,
    )

    def __init__(self, *args: Any, queue: Printer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        devices = self.fields["devices"]
        assert isinstance(devices, forms.ModelMultipleChoiceField)  # noqa: S101 -- for the type checker
        devices.queryset = possible_devices(queue)


class EndForm(forms.Form):
    """What becomes of the queue, and of the ``pending`` jobs that wait in it."""

    then = forms.ChoiceField(
        label=_("What happens to the queue"), widget=forms.RadioSelect(attrs={"class": "form-check-input"})
    )

    def __init__(self, *args: Any, pending: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        then = self.fields["then"]
        assert isinstance(then, forms.ChoiceField)  # noqa: S101 -- for the type checker: declared above
        then.choices = [
            (Then.HOLD, _("Hold the waiting jobs first, then let the queue print")),
            (Then.PRINT, _printing(pending)),
            (
                Then.STOPPED,
                _("Leave the queue stopped: the jobs wait until someone resumes it on the server"),
            ),
        ]
        then.initial = Then.HOLD


def _printing(pending: int) -> str:
    if not pending:
        return str(_("Let the queue print"))
    return ngettext(
        "Let the queue print: %(count)d job prints immediately",
        "Let the queue print: %(count)d jobs print immediately",
        pending,
    ) % {"count": pending}
