"""Addresses below /api/; whatever is none of them is answered as a problem, too."""

from django.urls import path, re_path

from printmgmt.api.base import UnknownAddress
from printmgmt.api.root import VERSION, RootView

app_name = "api"

urlpatterns = [
    path(f"{VERSION}/", RootView.as_view(names=["root"]), name="root"),
    re_path("", UnknownAddress.as_view(), name="unknown"),
]
