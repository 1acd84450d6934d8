from django.urls import path

from bench.peers.floor.views import OneGroup, OnePerson, People

urlpatterns = [
    path("scim/Users", People.as_view()),
    path("scim/Users/<uuid:pk>", OnePerson.as_view()),
    path("scim/Groups/<int:pk>", OneGroup.as_view()),
]
