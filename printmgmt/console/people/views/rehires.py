"""The question on a person's page whether they are someone who left."""

from django.contrib import messages
from django.utils.translation import gettext as _

from printmgmt.console.people.views.base import PersonChangeView
from printmgmt.console.shell.pages import page
from printmgmt.organizations.permissions import DECIDE_REVIEWS
from printmgmt.people.models import ReviewItem, ReviewKind
from printmgmt.people.obsolete_reviews import close_if_answered
from printmgmt.people.reviews import decision_words, keep_as_new_person


@page("people/<uuid:person>/reviews/<int:item>/keep/", "console:person_rehire_keep")
class RehireKeepView(PersonChangeView):
    """The answer "no, a new person"."""

    roles = DECIDE_REVIEWS

    def change(self) -> None:
        pk = self.kwargs["item"]
        question = ReviewItem.objects.filter(person=self.person, kind=ReviewKind.REHIRE, pk=pk).first()
        if question is None:
            messages.info(self.request, _("This review item does not exist."))
            return
        if close_if_answered(question) is None and keep_as_new_person(
            self.person, pk, by=self.actor, account=self.account
        ):
            self.done(_("%(person)s stays a new person.") % {"person": self.person})
            return
        question.refresh_from_db()
        text = _("No changes were made. %(decided)s") % {"decided": decision_words(question)}
        messages.info(self.request, text)
