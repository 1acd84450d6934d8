"""The door to a print server."""

from pathlib import Path
from typing import Self

from printmgmt.printing.ipp import errors
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.certificates import Certificate
from printmgmt.printing.ipp.jobs import JobCalls
from printmgmt.printing.ipp.names import check_name
from printmgmt.printing.ipp.queues import QueueCalls
from printmgmt.printing.ipp.route import Resolve, every_address
from printmgmt.printing.ipp.transport import Limits, Login, Transport

__all__ = ["Certificate", "Client", "Limits", "Login"]


class Client(QueueCalls, JobCalls):
    """A print server, asked by one thread. Every method raises an `IppError` if it could not be asked or did
    not do it.

    A request has a deadline and a size (`limits`) whatever the server does. Nothing is sent a second time.
    With a `login`, requests are the operator's; the password is sent only over TLS or within this machine,
    and never again after it was refused. The certificate must be signed for the name by an authority
    (`ca_file`, or those that requests knows), or be the one of `fingerprint` (SHA-256, hexadecimal).
    `resolve(host, port, seconds)` returns the IP addresses that may be connected to, once for this client;
    what it raises is passed on. The first one that takes a connection is the only one that is talked to.
    """

    def __init__(
        self,
        address: ServerAddress,
        *,
        login: Login | None = None,
        fingerprint: str = "",
        ca_file: str = "",
        resolve: Resolve | None = None,
        limits: Limits | None = None,
    ) -> None:
        if ca_file and not Path(ca_file).is_file():
            raise ValueError(f"no file of certificates: {ca_file}")
        if login is not None:
            check_name(login.user_name)
            if ":" in login.user_name:
                raise errors.UnsafeName(
                    technical="a colon ends the user name of Basic authentication (RFC 7617)"
                )
        transport = Transport(
            address,
            login=login,
            fingerprint=_sha256(fingerprint),
            ca_file=ca_file,
            resolve=resolve or every_address,
            limits=limits or Limits(),
        )
        super().__init__(transport, login=login, user_name=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    def as_user(self, name: str) -> "UserClient":
        """Return a client that sends no login and states to be `name`, over this one's connection."""
        return UserClient(self._transport, login=None, user_name=check_name(name))

    def server_certificate(self) -> Certificate:
        """Return the certificate the server shows, trusted or not, to be confirmed by a person. Sends no
        login.
        """
        return self._transport.certificate()


class UserClient(QueueCalls, JobCalls):
    """What a user without a password can do who states a name: for finding out what a server believes."""


def _sha256(fingerprint: str) -> str:
    plain = fingerprint.replace(":", "").lower()
    if plain and (len(plain) != 64 or not set(plain) <= set("0123456789abcdef")):
        raise ValueError("a fingerprint is a SHA-256 in hexadecimal")
    return plain
