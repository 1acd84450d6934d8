"""The add-on's own console pages."""

from django.urls import path

from scim_sync.views import ConnectionView, FirstTokenView

app_name = "scim_sync"

urlpatterns = [
    path("first-token/", FirstTokenView.as_view(), name="first_token"),
    path("connection/", ConnectionView.as_view(), name="connection"),
]
