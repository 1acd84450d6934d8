"""The question on a person's page whether they are someone who left."""

from django.contrib import messages
from django.utils.translation import gettext as _

from printmgmt.console.views.people_base import PersonChangeView
from printmgmt.organizations.permissions import DECIDE_REVIEWS
from printmgmt.people.reviews import keep_as_new_person


class RehireKeepView(PersonChangeView):
    """The answer "no, a new person"."""

    roles = DECIDE_REVIEWS

    def change(self) -> None:
        item = keep_as_new_person(self.person, self.kwargs["item"], by=self.actor, account=self.account)
        if item is None:
            messages.info(self.request, _("This was decided already."))
        else:
            self.done(_("%(person)s stays a new person.") % {"person": self.person})
