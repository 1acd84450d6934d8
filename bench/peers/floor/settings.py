"""The floor: what Django and REST framework cost at least."""

from bench.peers.common import *  # noqa: F403

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "rest_framework.authtoken",
    "bench.peers.floor",
]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "bench.peers.floor.urls"
REST_FRAMEWORK = {"UNAUTHENTICATED_USER": None}
