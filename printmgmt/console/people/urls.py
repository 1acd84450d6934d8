"""Addresses of a person and the list of people, inside an organization."""

from django.urls import path

from printmgmt.console.people.views.actions import (
    PersonBlockView,
    PersonDisallowView,
    PersonRemoveView,
    PersonRestoreView,
    PersonSuspendView,
    PersonUnblockView,
)
from printmgmt.console.people.views.changes import PersonAddView, PersonEditView
from printmgmt.console.people.views.credentials import CredentialRevokeView, PersonCardView, PersonPinView
from printmgmt.console.people.views.devices import DeviceRevokeView
from printmgmt.console.people.views.groups import PersonGroupsRemoveView, PersonGroupsView
from printmgmt.console.people.views.people import PeopleView
from printmgmt.console.people.views.person import PersonView
from printmgmt.console.people.views.rehires import RehireKeepView
from printmgmt.console.people.views.same import PersonMergeView, PersonSameView
from printmgmt.console.people.views.timeline import PersonTimelineView

urlpatterns = [
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
]
