"""As whom a request is sent, and where to."""

from printmgmt.printing.ipp import forms
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.attributes import queue_path
from printmgmt.printing.ipp.codec import Attribute, Group, Message
from printmgmt.printing.ipp.names import check_name
from printmgmt.printing.ipp.operations import Operation
from printmgmt.printing.ipp.transport import OPERATION_GROUP, Login, Transport

# CUPS from 2.4.3 on checks a login that is sent here whatever the operation; elsewhere, and before, a wrong
# one is taken for none.
ADMIN_PATH = "/admin/"
# CUPS lets only its administrators read this, also where its web pages are turned off.
CONFIGURATION = "/admin/conf/cupsd.conf"


class Asking:
    """What all requests of a client have in common.

    With a login, requests are the operator's. Without one they are those of anyone who states to be
    `user_name`, or nobody if that is None.
    """

    def __init__(self, transport: Transport, *, login: Login | None, user_name: str | None) -> None:
        self._transport = transport
        self._login = login
        self._user_name = user_name
        self._login_proven = False

    @property
    def address(self) -> ServerAddress:
        return self._transport.address

    def check_login(self) -> None:
        """Find out whether the login is an operator's.

        Raises `WrongLogin`, `Forbidden` if it is right and of someone else, `NotSupported` where the server
        is not CUPS. Asked in no other way: to a wrong password, CUPS answers a list of jobs as to anyone.
        """
        self._transport.fetch("HEAD", CONFIGURATION)
        self._login_proven = True

    def read_configuration(self) -> str:
        """Return the server's cupsd.conf. Raises as `check_login` does."""
        return self._transport.fetch("GET", CONFIGURATION).decode(errors="replace")

    def _prove_login(self) -> None:
        """Check the login once, before the first request that is the operator's.

        CUPS answers a list of jobs, and with its stock policy holds and cancels them, for anyone who states
        an operator's name: with a wrong password as with none.
        """
        if self._login is not None and not self._login_proven and not self.address.path:
            self.check_login()

    def _ask(
        self, operation: Operation, target: Attribute, *details: Attribute, group: Group | None = None
    ) -> Message:
        """Send a request as the operator, where there is a login, else as the stated user."""
        if self._login is None:
            return self._ask_as(self._user_name, operation, target, *details, group=group)
        self._prove_login()
        head = _head(target, self._login.user_name, details)
        path = self.address.path or ADMIN_PATH
        return self._transport.send(operation, [head, *_present(group)], path=path, with_login=True)

    def _ask_as(
        self,
        user_name: str | None,
        operation: Operation,
        target: Attribute,
        *details: Attribute,
        group: Group | None = None,
    ) -> Message:
        """Send a request without login; with `None` it states no user at all."""
        head = _head(target, user_name, details)
        return self._transport.send(operation, [head, *_present(group)], path=self.address.path or "/")

    def _queue_target(self, name: str, *, is_class: bool = False) -> Attribute:
        path = self.address.path or queue_path(check_name(name), is_class=is_class)
        return forms.uri("printer-uri", self.address.uri(path))


def _head(target: Attribute, user_name: str | None, details: tuple[Attribute, ...]) -> Group:
    user = [] if user_name is None else [forms.names("requesting-user-name", [user_name])]
    # RFC 8011 §4.1.5: charset and language first, then the target.
    return Group(OPERATION_GROUP, [forms.CHARSET, forms.LANGUAGE, target, *user, *details])


def _present(group: Group | None) -> list[Group]:
    return [] if group is None else [group]
