"""Celery's wiring: the id of a request goes with the task it asked for."""

import structlog
from django.conf import settings

from printmgmt.celery import app


def test_every_process_publishes_with_our_settings() -> None:
    assert app.conf.broker_url == settings.BROKER_URL
    assert app.conf.task_ignore_result is True
    assert app.conf.broker_transport_options["max_retries"] == 0


def test_message_carries_the_request_id(transactional_db: None) -> None:
    with app.connection_for_write() as broker:
        queue = broker.SimpleQueue("celery")
        queue.clear()
        structlog.contextvars.bind_contextvars(request_id="f00d")

        app.send_task("work.sweep", args=("audit.seal",))

        assert queue.get(timeout=60).headers["request_id"] == "f00d"
        queue.clear()
        queue.close()
