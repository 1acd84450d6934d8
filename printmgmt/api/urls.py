"""Addresses below /api/; whatever is none of them is answered as a problem, too."""

from django.urls import path, re_path

from printmgmt.api.base import UnknownAddress
from printmgmt.api.description import DescriptionPageView, DescriptionView
from printmgmt.api.root import VERSION, RootView
from printmgmt.api.stations import views as stations

app_name = "api"

urlpatterns = [
    path(f"{VERSION}/", RootView.as_view(names=["root", "station", "description"]), name="root"),
    path(f"{VERSION}/openapi.json", DescriptionView.as_view(), name="description"),
    path(f"{VERSION}/docs/", DescriptionPageView.as_view(), name="docs"),
    path(f"{VERSION}/station/", stations.StationDetailView.as_view(), name="station"),
    path(f"{VERSION}/station/visits/", stations.VisitsView.as_view(), name="station-visits"),
    path(f"{VERSION}/station/jobs/", stations.WaitingJobsView.as_view(), name="station-jobs"),
    path(f"{VERSION}/station/jobs/release/", stations.ReleaseAllView.as_view(), name="station-release-all"),
    path(f"{VERSION}/station/jobs/<int:job>/", stations.WaitingJobView.as_view(), name="station-job"),
    path(
        f"{VERSION}/station/jobs/<int:job>/release/",
        stations.ReleaseOneView.as_view(),
        name="station-release-one",
    ),
    re_path("", UnknownAddress.as_view(), name="unknown"),
]
