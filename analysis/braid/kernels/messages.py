"""What a client, a zygote and a kernel say to each other: JSON with its length before it, and file descriptors.

A client sends one Order; the kernel answers {"ready": pid} once it listens. Or it sends an Errand; its process answers
{"begun": pid} and at last {"done": what came of it}. Either may answer {"refused": why} instead, and the zygote tells
{"ended": exit code} when the process is over.
"""

from __future__ import annotations

import json
import os
import re
import socket
import stat
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_LENGTH = struct.Struct("!I")
_LONGEST = 16 * 1024 * 1024
_STREAMS = 3
_OPTION = re.compile(r"--(IPKernelApp\.log_level=\d+|HistoryManager\.hist_file=:memory:)")
"""Options that a forked kernel takes. Others could name code to be run; who uses them gets an ordinary kernel."""


class BadOrder(Exception):
    """An order that a forked kernel cannot or must not be made from; the text says why."""


@dataclass(frozen=True)
class Order:
    """A kernel as a client wants it.

    arguments: what follows `python -m ipykernel_launcher`. folder: where it works. environment: all its variables.
    """

    arguments: list[str]
    folder: str
    environment: dict[str, str]

    def check(self) -> None:
        """Raise BadOrder unless it is a connection file of our own, known options and an existing folder."""
        if len(self.arguments) < 2 or self.arguments[0] != "-f":
            raise BadOrder("there is no connection file")
        for option in self.arguments[2:]:
            if not _OPTION.fullmatch(option):
                raise BadOrder(f"an option is unknown: {option}")
        file = self.arguments[1]
        try:
            found = os.lstat(file)
        except (OSError, ValueError):
            raise BadOrder("the connection file is not there") from None
        if not Path(file).is_absolute() or not stat.S_ISREG(found.st_mode) or found.st_uid != os.getuid():
            raise BadOrder("the connection file is not a file of this user's")
        if not Path(self.folder).is_absolute() or not Path(self.folder).is_dir():
            raise BadOrder("the working folder is not there")

    def payload(self) -> dict[str, Any]:
        """The order as a message."""
        return asdict(self)


@dataclass(frozen=True)
class Errand:
    """A call that a client wants made. call: function and arguments, pickled; folder and environment as in an Order."""

    call: str
    folder: str
    environment: dict[str, str]

    def payload(self) -> dict[str, Any]:
        """The errand as a message."""
        return asdict(self)


def read_order(message: object) -> Order | Errand:
    """What a message asks for. Raises BadOrder where the message is something else."""
    if isinstance(message, dict) and set(message) == {"call", "folder", "environment"}:
        return Errand(**message)
    if not isinstance(message, dict) or set(message) != {"arguments", "folder", "environment"}:
        raise BadOrder("this is not an order")
    arguments, folder, environment = message["arguments"], message["folder"], message["environment"]
    if not isinstance(arguments, list) or not isinstance(folder, str) or not isinstance(environment, dict):
        raise BadOrder("this is not an order")
    words = [*arguments, folder, *environment, *environment.values()]
    if not all(isinstance(word, str) and "\0" not in word for word in words):
        raise BadOrder("this is not an order")
    order = Order(arguments, folder, environment)
    order.check()
    return order


def send(connection: socket.socket, message: dict[str, Any], streams: Sequence[int] = ()) -> None:
    """Send one message. Raises OSError."""
    data = json.dumps(message).encode("ascii")
    length = _LENGTH.pack(len(data))
    if streams:
        # At least one byte has to go with the descriptors; the rest follows on its own.
        socket.send_fds(connection, [length], list(streams))
        connection.sendall(data)
    else:
        connection.sendall(length + data)


def receive(connection: socket.socket) -> Any:
    """The next message, or None at the end of the connection. Raises OSError, ValueError."""
    length = _exactly(connection, _LENGTH.size)
    return _content(connection, length)


def receive_with_streams(connection: socket.socket) -> tuple[Any, list[int]]:
    """The next message and the descriptors that came with it. Raises OSError, ValueError."""
    length, streams, _, _ = socket.recv_fds(connection, _LENGTH.size, _STREAMS)
    try:
        return _content(connection, length + _exactly(connection, _LENGTH.size - len(length))), streams
    except BaseException:
        for stream in streams:
            os.close(stream)
        raise


def peer(connection: socket.socket) -> tuple[int, int]:
    """Process id and user id of the other side, as the system knows them."""
    size = struct.calcsize("3i")
    found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    process, user, _ = struct.unpack("3i", found)
    return process, user


def _content(connection: socket.socket, length: bytes) -> Any:
    if len(length) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(length)
    if size > _LONGEST:
        raise ValueError("the message is too long")
    return json.loads(_exactly(connection, size))


def _exactly(connection: socket.socket, size: int) -> bytes:
    parts = b""
    while len(parts) < size:
        part = connection.recv(size - len(parts))
        if not part:
            break
        parts += part
    return parts
