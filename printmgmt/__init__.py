"""The print-management console: project configuration and the print domain. Knows no add-on and no SCIM."""

from printmgmt.celery import app as celery_app  # every process that publishes a task needs it

__all__ = ["celery_app"]
