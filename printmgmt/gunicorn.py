"""How gunicorn serves the console: `gunicorn -c python:printmgmt.gunicorn -b <address> printmgmt.wsgi`."""

import os

from printmgmt.logs import dict_config

# Threads, and a loop that gathers requests for them: measured in docs/adr/0022-server-and-limits.md.
worker_class = "printmgmt.web.worker.PatientWorker"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
preload_app = True  # mistakes show at the start, and a recycled worker is there at once
max_requests = 2000
max_requests_jitter = 200
graceful_timeout = 6  # below the eight seconds the supervisor gives us
limit_request_line = 8190  # a SCIM filter of 4 KiB arrives percent-encoded in the request line
control_socket_disable = True
# No access log: request lines carry names. What matters of a request the application logs itself.
accesslog = None
logconfig_dict = dict_config(os.environ.get("LOG_LEVEL", "INFO"))
