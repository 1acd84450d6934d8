"""`manage.py up`: the whole console with one command, on an empty machine."""

import errno
import os
import socket
from typing import Any

import structlog
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils.translation import gettext as _

from printmgmt.services import commands
from printmgmt.services.listener import is_ready, listen
from printmgmt.services.lock import AlreadyRunning, lock_folder
from printmgmt.services.private_folder import NotOurs, make_private
from printmgmt.services.supervisor import Child, Supervisor
from printmgmt.services.valkey import Valkey, broker_url

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # addresses to listen on, and to ask ourselves

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    """Starts what is missing and keeps it running; prints ``ready <PUBLIC_URL>`` when the console answers."""

    help = "Run the console: broker (unless BROKER_URL is given), migrations, worker, clock and web server."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Serve until SIGTERM or SIGINT; exit 1 with one line when port or data folder are not to be had."""
        os.umask(0o077)  # ours and our children's: whatever they make is read by nobody else
        self._close_data_folder()
        try:
            lock = lock_folder(settings.DATA_DIR, patience=15)
        except AlreadyRunning as error:
            raise CommandError(
                _("The console is already running on %(folder)s (process %(pid)s). Stop it or set DATA_DIR.")
                % {"folder": settings.DATA_DIR, "pid": error.pid}
            ) from None
        with (
            self._listener() as listener,
            Supervisor(self._environment(), settings.BASE_DIR, [lock]) as supervisor,
        ):
            self._serve(supervisor, listener)
        os.close(lock)

    def _close_data_folder(self) -> None:
        try:
            was_open = make_private(settings.DATA_DIR)
        except NotOurs:
            raise CommandError(
                _(
                    "%(folder)s belongs to another user and others can read it. Set DATA_DIR to another "
                    "folder."
                )
                % {"folder": settings.DATA_DIR}
            ) from None
        if was_open:
            text = _("Other users could read %(folder)s. Its permissions were restricted.")
            self.stderr.write(self.style.WARNING(text % {"folder": settings.DATA_DIR}))

    def _listener(self) -> socket.socket:
        try:
            return listen(settings.BIND_ADDRESS, settings.PORT)
        except OSError as error:
            where = {"address": settings.BIND_ADDRESS, "port": settings.PORT}
            if error.errno == errno.EADDRINUSE:
                message = _("Port %(port)s is already in use. Set PORT to a free one.") % where
            else:
                message = _("Cannot listen on %(address)s port %(port)s: ") % where + str(error.strerror)
            raise CommandError(message) from None

    def _environment(self) -> dict[str, str]:
        """The children's: ours, with the folder spelled out, since they may read it from another place."""
        return {**os.environ, "DATA_DIR": str(settings.DATA_DIR)}

    def _serve(self, supervisor: Supervisor, listener: socket.socket) -> None:
        if broker_url(settings.DATA_DIR) == settings.BROKER_URL:
            valkey = Valkey(settings.DATA_DIR)
            valkey.prepare()
            supervisor.start(Child("broker", valkey.command, stop_last=True))
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        connections.close_all()
        supervisor.start(Child("web", commands.web(listener.fileno()), pass_fds=[listener.fileno()]))
        supervisor.start(Child("worker", commands.worker()))
        supervisor.start(Child("beat", commands.beat()))
        if supervisor.wait(until=self._answers):
            self.stdout.write(f"ready {settings.PUBLIC_URL}")
            self.stdout.flush()
            supervisor.wait()
        log.info("stopping")

    def _answers(self) -> bool:
        address: str = settings.BIND_ADDRESS
        if address in EVERYWHERE:
            address = EVERYWHERE[address]
        return is_ready(settings.PORT, settings.PUBLIC_URL, address)
