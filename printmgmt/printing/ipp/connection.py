"""HTTP connections that keep a deadline and go where a client's route leads, below `requests`."""

import socket
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import SKIP_HEADER

from printmgmt.punctual import PunctualResponse

Connect = Callable[[float], socket.socket]
"""Seconds → a new connection to the server. Raises `OSError`."""


class _Http(HTTPConnection):
    response_class = PunctualResponse
    open: Connect

    def _new_conn(self) -> socket.socket:
        connection = self.open(float(self.timeout or 0))
        for option in self.socket_options or ():
            connection.setsockopt(*option)
        return connection

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None:
            # A connection that was kept still has what was left for its last answer.
            self.sock.settimeout(self.timeout)
        super().request(*args, **kwargs)


class _Https(_Http, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _PunctualAdapter(HTTPAdapter):
    """Has `connect` connect, and expects a server of the name `host` there.

    `fingerprint` is the SHA-256 of its certificate in hexadecimal; with it nobody needs to have signed the
    certificate, and the name in it does not count. `requests` must then be told `verify=False`.
    """

    def __init__(self, *, host: str, connect: Connect, fingerprint: str = "") -> None:
        self._connect = connect
        self._tls: dict[str, Any] = {"server_hostname": host}
        if fingerprint:
            self._tls["assert_fingerprint"] = fingerprint
        # Nothing is sent twice: most operations do something, and a wrong login blocks cupsd for two seconds.
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, **options, **self._tls)
        # urllib3 makes connections from classes, and hands them nothing that it does not know itself.
        opening = {"open": staticmethod(self._connect)}
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("Pool", (_HttpPool,), {"ConnectionCls": type("Http", (_Http,), opening)}),
            "https": type("Pool", (_HttpsPool,), {"ConnectionCls": type("Https", (_Https,), opening)}),
        }


class _Session(requests.Session):
    """Without redirects: told not to follow one, requests still reads its body, however long that is."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def new_session(*, host: str, connect: Connect, fingerprint: str = "", ca_file: str = "") -> requests.Session:
    """Return a session for URLs with the IP address of the server `host`, to which `connect` connects.

    Without fingerprint or file, the authorities count that requests knows. The environment does not count:
    no proxies, no .netrc, since a login goes to this server or nowhere.
    """
    session = _Session()
    session.trust_env = False
    session.verify = False if fingerprint else (ca_file or True)
    session.headers.clear()
    session.headers.update({"Accept-Encoding": "identity", "User-Agent": SKIP_HEADER})
    adapter = _PunctualAdapter(host=host, connect=connect, fingerprint=fingerprint)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session
