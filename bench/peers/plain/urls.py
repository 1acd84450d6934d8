from django.urls import include, path

urlpatterns = [path("scim/", include("django_scim.urls"))]
