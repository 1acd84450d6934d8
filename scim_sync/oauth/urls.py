"""The address of the token endpoint: with a trailing slash or without."""

from django.urls import re_path

from scim_sync.oauth.views import TokenView

app_name = "oauth"

urlpatterns = [re_path(r"^(?P<installation>[^/]+)/token/?$", TokenView.as_view(), name="token")]
