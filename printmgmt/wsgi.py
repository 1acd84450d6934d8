"""The WSGI application, wrapped so that every Content-Type is safe to parse."""

import os

from django.core.management import BaseCommand
from django.core.wsgi import get_wsgi_application

from printmgmt.content_type import safe_wsgi

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "printmgmt.settings")

application = safe_wsgi(get_wsgi_application())
# A console with a mistake does not start. The checks import every page, before gunicorn forks: its workers
# share what that takes, and no first request waits for it.
BaseCommand().check()
