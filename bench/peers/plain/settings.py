"""Plain django-scim2, as its documentation has it: no tenants, no audit trail, no provisioning log."""

from bench.peers.common import *  # noqa: F403

INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django_scim", "bench.peers.plain"]
MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware",
    "bench.peers.plain.middleware.TokenMiddleware",
    "django_scim.middleware.SCIMAuthCheckMiddleware",
]
ROOT_URLCONF = "bench.peers.plain.urls"
AUTH_USER_MODEL = "plain.Person"
SCIM_SERVICE_PROVIDER = {
    "NETLOC": "127.0.0.1",
    "SCHEME": "http",
    "GROUP_MODEL": "bench.peers.plain.models.Group",
    "AUTHENTICATION_SCHEMES": [{"type": "oauthbearertoken", "name": "Token", "description": "A token"}],
}
