"""The ASGI application, for hosts that ask for one; gunicorn with `printmgmt.wsgi` is what we test."""

import os

from django.core.asgi import get_asgi_application

from printmgmt.content_type import safe_asgi

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "printmgmt.settings")
# Each request has a thread of its own here: a connection that is kept would be lost with it.
os.environ.setdefault("DATABASE_KEEP_SECONDS", "0")

application = safe_asgi(get_asgi_application())
