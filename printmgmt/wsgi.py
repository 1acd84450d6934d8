"""The WSGI application, wrapped so that every Content-Type is safe to parse."""

import os

from django.core.wsgi import get_wsgi_application

from printmgmt.content_type import safe_wsgi

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "printmgmt.settings")

application = safe_wsgi(get_wsgi_application())
