"""The review queue: what an administrator has to decide about the directory's requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from addons.addresses import address_of
from addons.mixins import InstallationMixin
from addons.models import Installation
from addons.names import name_of
from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.lists import Empty, ListPage
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.parameters import number_of
from printmgmt.console.shell.undo import success
from printmgmt.errors import Gone
from printmgmt.organizations.permissions import DECIDE_REVIEWS, LOOK, REMOVE_PEOPLE
from printmgmt.people.exceptions import PeopleError
from printmgmt.people.models import PersonState, PrintUser, ReviewItem, ReviewKind, ReviewState
from printmgmt.people.obsolete_reviews import close_if_answered
from scim_sync.exceptions import ReviewError
from scim_sync.services import directories, review_decisions

STATES = [
    (ReviewState.APPROVED, ReviewState.APPROVED.label),
    (ReviewState.REFUSED, ReviewState.REFUSED.label),
    (ReviewState.CLOSED, ReviewState.CLOSED.label),
]


@dataclass(frozen=True)
class Question:
    """An item with the event of its request; for a card its holder, for a re-hire the people who left.

    For a person of another directory ``owner`` is the one that manages them now, ``former`` the item by which
    an administrator decided that it does.
    """

    item: ReviewItem
    event: int | None
    holder: PrintUser | None = None
    left: Sequence[PrintUser] = ()
    owner: Installation | None = None
    former: ReviewItem | None = None


@page("review/", "scim_sync:review")
class ReviewView(InstallationMixin, ListPage[ReviewItem]):
    """Open items, the oldest first; the filter for the state shows decided ones."""

    template_name = "scim_sync/review.html"
    rows_template = "scim_sync/_questions.html"
    roles = LOOK
    title = gettext_lazy("Review queue")
    lead = gettext_lazy("Sync changes that need your decision.")
    filters = (
        Select("kind", gettext_lazy("Question"), gettext_lazy("All questions"), ReviewKind.choices),
        Select(
            "state",
            gettext_lazy("State"),
            gettext_lazy("Open"),
            STATES,
            otherwise=lambda items: items.filter(state=ReviewState.OPEN),
        ),
    )
    empty = Empty(
        "list-check",
        gettext_lazy("Nothing to review"),
        gettext_lazy(
            "Links that need approval, cards claimed by two people, and people who may have returned "
            "appear here."
        ),
    )
    nothing_fits = gettext_lazy("No matches")
    target = "review"
    csv_name = "review-queue"
    csv = (
        Column(gettext_lazy("Asked"), lambda item: item.created_at),
        Column(gettext_lazy("Question"), ReviewItem.get_kind_display),
        Column(gettext_lazy("Person"), lambda item: item.person and item.person.user_name),
        Column(gettext_lazy("State"), ReviewItem.get_state_display),
        Column(gettext_lazy("Reason for closing"), ReviewItem.get_answer_display),
        Column(gettext_lazy("Decided"), lambda item: item.decided_at),
        Column(gettext_lazy("Decided by"), lambda item: item.decided_by),
        Column(gettext_lazy("Request id"), lambda item: item.request_id),
    )

    def rows(self) -> QuerySet[ReviewItem]:
        return review_decisions.items_of(self.installation).order_by("id")

    def find(self, rows: QuerySet[ReviewItem], text: str) -> QuerySet[ReviewItem]:
        return rows.filter(person__in=PrintUser.objects.of(self.organization).matching(text))

    def shown(self, rows: Sequence[ReviewItem]) -> Sequence[Question]:
        return self._questions(rows)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = review_decisions.open_links(self.installation)
        newest = waiting.order_by("-pk").values_list("pk", flat=True).first()
        return super().get_context_data(
            **kwargs,
            links=waiting.count() if newest else 0,
            newest=newest,
            may_decide=self.administrator.role in DECIDE_REVIEWS,
            may_merge=self.administrator.role in REMOVE_PEOPLE,
        )

    def _questions(self, items: Sequence[ReviewItem]) -> list[Question]:
        named = {item.pk: _named(item) for item in items}
        wanted = {pk for pks in named.values() for pk in pks}
        people = PrintUser.objects.of(self.organization).filter(pk__in=wanted) if wanted else []
        known = {str(person.pk): person for person in people}
        events = self._events(items)
        owners = {other.source: other for other in self.others}
        former = self._former(items)
        questions = []
        for item in items:
            event = events.get((item.request_id, item.person_id))
            if item.kind == ReviewKind.DIRECTORY:
                owner = owners.get(item.person.source) if item.person else None
                asked = Question(item, event, owner=owner, former=former.get(item.details.get("decided")))
            else:
                asked = _question(item, event, [known[pk] for pk in named[item.pk] if pk in known])
            questions.append(asked)
        return questions

    def _former(self, items: Sequence[ReviewItem]) -> dict[Any, ReviewItem]:
        """The decisions by which people came to the directories that manage them, by id."""
        decided = {item.details["decided"] for item in items if "decided" in item.details}
        rows = ReviewItem.objects.filter(organization=self.organization).select_related("decided_by")
        return rows.in_bulk(decided) if decided else {}

    def _events(self, items: Sequence[ReviewItem]) -> dict[tuple[str, UUID | None], int]:
        """The events of the requests behind the items, as far as they are kept."""
        # A request id alone does not do: the operations of a Bulk request share it.
        requests = {item.request_id for item in items if item.request_id}
        if not requests:
            return {}
        events = self.installation.events.filter(person__isnull=False)
        # Two halves, each found by an index: an OR over both tables would read the whole log.
        once = events.once().filter(request_id__in=requests).values_list("request_id", "person", "pk")
        again = events.counted().filter(counter__request_id__in=requests)
        counted = again.values_list("counter__request_id", "person", "pk")
        return {(request_id, person): pk for request_id, person, pk in once.union(counted, all=True)}


def _named(item: ReviewItem) -> list[str]:
    """Ids of the other people in an item's details."""
    if item.kind == ReviewKind.REHIRE:
        return list(item.details.get("tombstones", [])) if item.state == ReviewState.OPEN else []
    holder = item.details.get("holder")
    return [holder] if holder else []


def _question(item: ReviewItem, event: int | None, people: list[PrintUser]) -> Question:
    if item.kind == ReviewKind.REHIRE:
        left = [
            person for person in people if person.state == PersonState.REMOVED and not person.merged_into_id
        ]
        return Question(item, event, left=left)
    return Question(item, event, holder=people[0] if people else None)


class DecisionView(InstallationMixin, View):
    """One decision: a POST, one service, a message, back to the queue.

    A question that the world has answered in the meantime is closed instead.
    """

    roles = DECIDE_REVIEWS

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        answer = close_if_answered(self.item) if "item" in self.kwargs else None
        if answer is not None:
            messages.info(request, _("No changes were made. %(decided)s") % {"decided": answer.label})
            return redirect(self.queue_url)
        try:
            self.decide()
        except (ReviewError, PeopleError) as error:
            messages.error(request, str(error))
        return redirect(self.queue_url)

    @property
    def queue_url(self) -> str:
        """The queue whose question this is."""
        return address_of(self.installation, "scim_sync:review")

    def decide(self) -> None:
        """Decide and leave a message. May raise ReviewError and PeopleError."""
        raise NotImplementedError("Subclasses must implement decide()")

    @property
    def item(self) -> ReviewItem:
        """The item in the URL, or 404."""
        found = review_decisions.items_of(self.installation).filter(pk=self.kwargs["item"]).first()
        if found is None:
            raise Gone(_("This review item does not exist."))
        return found


@page("review/<int:item>/approve/", "scim_sync:review_approve")
class ApproveView(DecisionView):
    def decide(self) -> None:
        person = review_decisions.approve_link(
            self.installation, self.item, by=self.actor, account=self.account
        )
        text = _("%(person)s is linked and managed by the directory from now on.") % {"person": person}
        messages.success(self.request, text)


@page("review/<int:item>/refuse/", "scim_sync:review_refuse")
class RefuseView(DecisionView):
    def decide(self) -> None:
        item = self.item
        review_decisions.refuse_link(item, by=self.actor, account=self.account)
        success(
            self.request,
            _("%(person)s will not be synced.") % {"person": item.person},
            undo_url=address_of(self.installation, "scim_sync:review_ask_again", item=item.pk),
        )


@page("review/<int:item>/ask-again/", "scim_sync:review_ask_again")
class AskAgainView(DecisionView):
    def decide(self) -> None:
        review_decisions.ask_again(self.item, by=self.actor)
        messages.success(self.request, _("The question is open again."))


@page("review/<int:item>/take-over/", "scim_sync:review_take_over")
class TakeOverView(DecisionView):
    def decide(self) -> None:
        person = directories.take_over(self.installation, self.item, by=self.actor, account=self.account)
        text = _("%(person)s is managed by %(directory)s from now on.")
        messages.success(self.request, text % {"person": person, "directory": name_of(self.installation)})


@page("review/<int:item>/leave/", "scim_sync:review_leave")
class LeaveView(DecisionView):
    def decide(self) -> None:
        item = self.item
        owner = directories.owner_of(item, self.installation)
        directories.leave_to_owner(item, by=self.actor, account=self.account)
        named = {"person": item.person, "directory": name_of(owner) if owner else ""}
        success(
            self.request,
            _("%(person)s stays with %(directory)s.") % named,
            undo_url=address_of(self.installation, "scim_sync:review_ask_again", item=item.pk),
        )


@page("review/approve-all/", "scim_sync:review_approve_all")
class ApproveAllView(DecisionView):
    def decide(self) -> None:
        newest = number_of(self.request.POST, "newest")
        if newest is None:
            raise ReviewError(_("Open the review queue again: it is unknown which links to approve."))
        number = review_decisions.approve_all_links(
            self.installation, newest=newest, by=self.actor, account=self.account
        )
        text = ngettext("%(number)d person is linked.", "%(number)d people are linked.", number)
        messages.success(self.request, text % {"number": number})


@page("review/<int:item>/card-stays/", "scim_sync:review_card_stays")
class CardStaysView(DecisionView):
    def decide(self) -> None:
        review_decisions.leave_card(self.item, by=self.actor, account=self.account)
        messages.success(self.request, _("The card stays with its holder."))


@page("review/<int:item>/card-moves/", "scim_sync:review_card_moves")
class CardMovesView(DecisionView):
    def decide(self) -> None:
        person = review_decisions.give_card(self.item, by=self.actor, account=self.account)
        messages.success(self.request, _("%(person)s has the card now.") % {"person": person})
