"""A loopback port for a child process that cannot be handed a socket."""

import socket

ADDRESS = "127.0.0.1"


def hold_port() -> socket.socket:
    """Return a socket that keeps a free port of ``ADDRESS`` for a server that binds it with SO_REUSEADDR.

    It is bound and never listens: the kernel gives the port to nobody else, and connections are refused until
    the server listens on it. Close it when the server is not started again.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind((ADDRESS, 0))
    return holder
