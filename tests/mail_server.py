"""A mail server on the loopback address that takes mail and refuses the addresses it is told to."""

import socketserver
import threading
from email import message_from_bytes
from email.message import Message
from types import TracebackType


class MailServer(socketserver.ThreadingTCPServer):
    """As much of SMTP (RFC 5321) as a client needs; ``taken`` are the recipients and the mail, in order."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.refused: set[str] = set()
        self.taken: list[tuple[list[str], Message]] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def __enter__(self) -> "MailServer":
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        recipients: list[str] = []
        self._reply("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()
            if verb.startswith("RCPT"):
                address = line.partition("<")[2].partition(">")[0]
                if address in self.server.refused:
                    self._reply("550 no such mailbox")
                    continue
                recipients.append(address)
            elif verb == "DATA":
                self._reply("354 go on")
                lines = list(iter(self.rfile.readline, b".\r\n"))
                self.server.taken.append((recipients, message_from_bytes(b"".join(lines))))
                recipients = []
            elif verb == "QUIT":
                self._reply("221 bye")
                return
            self._reply("250 ok")

    def _reply(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")
