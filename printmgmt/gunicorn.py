"""The configuration of gunicorn: `gunicorn -c python:printmgmt.gunicorn -b <address> printmgmt.wsgi`."""

import os

from printmgmt.logs import dict_config

# Threads, and an event loop that collects requests for them (docs/adr/0022-server-and-limits.md).
worker_class = "printmgmt.web.worker.PatientWorker"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
preload_app = True  # errors appear at startup, and a recycled worker is ready at once
max_requests = 2000
max_requests_jitter = 200
graceful_timeout = 6  # less than the eight seconds that the supervisor waits
limit_request_line = 8190  # fits a percent-encoded SCIM filter of 4 KiB
control_socket_disable = True
# No access log: request lines contain names. The application logs what matters about a request.
accesslog = None
logconfig_dict = dict_config(os.environ.get("LOG_LEVEL", "INFO"))
