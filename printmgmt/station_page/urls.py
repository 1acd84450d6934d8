"""Addresses of the station's page."""

from django.urls import path

from printmgmt.station_page import views

app_name = "station_page"

urlpatterns = [
    path("", views.StartView.as_view(), name="start"),
    path("connect/", views.ConnectView.as_view(), name="connect"),
    path("pin/", views.PinView.as_view(), name="pin"),
    path("jobs/", views.JobsView.as_view(), name="jobs"),
    path("jobs/release/", views.ReleaseView.as_view(), name="release_all"),
    path("jobs/delete/", views.DeleteView.as_view(), name="delete_all"),
    path("jobs/<int:job>/release/", views.ReleaseView.as_view(), name="release"),
    path("jobs/<int:job>/delete/", views.DeleteView.as_view(), name="delete"),
    path("language/", views.LanguageView.as_view(), name="language"),
    path("end/", views.EndView.as_view(), name="end"),
]
