"""Addresses of the console inside an organization: each feature brings its own."""

from django.urls import include, path

app_name = "console"

FEATURES = (
    "dashboard",
    "people",
    "groups",
    "printers",
    "jobs",
    "leavers",
    "bulk",
    "print_servers",
    "secure_release",
    "stations",
    "audit",
    "settings",
    "administrators",
)

urlpatterns = [path("", include(f"printmgmt.console.{feature}.urls")) for feature in FEATURES]
