"""Addresses of the public page and of the public keys."""

from django.urls import path

from printmgmt.receipt_page import views

app_name = "receipt_page"

urlpatterns = [
    path("verify/", views.VerifyView.as_view(), name="verify"),
    path("keys.json", views.KeysView.as_view(), name="keys"),
]
