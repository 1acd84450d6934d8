"""The add-on's own console pages."""

from django.urls import path

from scim_sync.console.details import ConnectionView, FirstTokenView
from scim_sync.console.log import EventView, LogView
from scim_sync.console.past_log import PastEventView, PastLogView
from scim_sync.console.review_queue import (
    ApproveAllView,
    ApproveView,
    AskAgainView,
    CardMovesView,
    CardStaysView,
    RefuseView,
    ReviewView,
)
from scim_sync.console.tokens import RevokeView, RotateView

app_name = "scim_sync"

urlpatterns = [
    path("first-token/", FirstTokenView.as_view(), name="first_token"),
    path("connection/", ConnectionView.as_view(), name="connection"),
    path("tokens/rotate/", RotateView.as_view(), name="rotate"),
    path("tokens/<int:token>/revoke/", RevokeView.as_view(), name="revoke"),
    path("log/", LogView.as_view(), name="log"),
    path("log/<int:event>/", EventView.as_view(), name="event"),
    path("past/<uuid:installation>/log/", PastLogView.as_view(), name="past_log"),
    path("past/<uuid:installation>/log/<int:event>/", PastEventView.as_view(), name="past_event"),
    path("review/", ReviewView.as_view(), name="review"),
    path("review/approve-all/", ApproveAllView.as_view(), name="review_approve_all"),
    path("review/<int:item>/approve/", ApproveView.as_view(), name="review_approve"),
    path("review/<int:item>/refuse/", RefuseView.as_view(), name="review_refuse"),
    path("review/<int:item>/ask-again/", AskAgainView.as_view(), name="review_ask_again"),
    path("review/<int:item>/card-stays/", CardStaysView.as_view(), name="review_card_stays"),
    path("review/<int:item>/card-moves/", CardMovesView.as_view(), name="review_card_moves"),
]
