"""The ASGI application, for hosts that need one. We test gunicorn with `printmgmt.wsgi`."""

import os

from django.core.asgi import get_asgi_application

from printmgmt.content_type import safe_asgi

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "printmgmt.settings")
# Under ASGI each request has its own thread, so a persistent connection would be lost with the thread.
os.environ.setdefault("DATABASE_KEEP_SECONDS", "0")

application = safe_asgi(get_asgi_application())
