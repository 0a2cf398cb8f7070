"""The client's side: find or start the zygote, order a kernel, and look after its process."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from braid.kernels import messages
from braid.kernels.address import (
    Address,
    Unavailable,
    address_for,
    library_signature,
    private_folder,
    start_environment,
)
from braid.kernels.choice import switched_on
from braid.kernels.messages import BadOrder, Order

IDLE = "BRAID_WARM_KERNELS_IDLE"
_PATIENCE = 60.0  # seconds for the imports of a new zygote and the start of the kernel
_FORGIVE = 600.0  # seconds after which a zygote that could not start is tried again
_REPORT = 5.0  # seconds that a zygote has to tell the end of a kernel
_UNKNOWN = 1  # exit code of a kernel whose zygote was gone when it ended
_OPTIONS: tuple[str, ...] = ()
_open: set[ForkedProcess] = set()
"""Kernels that run; an entry keeps the connection, whose end would end the kernel."""


class ForkedProcess:
    """A kernel that is a child of the zygote, with the face of a subprocess.Popen."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, connection: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._connection = connection
        self._born = _born(pid)
        connection.setblocking(False)
        _open.add(self)

    def poll(self) -> int | None:
        """The exit code, or None while the kernel runs."""
        if self.returncode is None:
            code, lost = self._news()
            if code is None and _born(self.pid) != self._born:
                # It has ended; the zygote will say how, unless it has ended before, which ends the connection.
                if not lost:
                    self._listen(_REPORT)
                    code, _ = self._news()
                code = _UNKNOWN if code is None else code
            if code is not None:
                self.returncode = code
                self._connection.close()
                _open.discard(self)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end of the kernel. Raises subprocess.TimeoutExpired."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if timeout is not None and deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("kernel", timeout)
            self._listen(0.05)  # the zygote tells the end; where it is gone, poll sees it by itself
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel, if it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)

    def _listen(self, seconds: float) -> None:
        """Wait for news, or the end of the connection."""
        poll = select.poll()
        poll.register(self._connection, select.POLLIN)
        poll.poll(1000 * seconds)

    def _news(self) -> tuple[int | None, bool]:
        """The exit code if the zygote has told it, and whether it will not tell any more."""
        try:
            message = messages.receive(self._connection)
        except BlockingIOError:
            return None, False
        except (OSError, ValueError):
            return None, True
        return (None, True) if message is None else (int(message.get("ended", _UNKNOWN)), False)


def fork_kernel(
    command: Sequence[str], *, cwd: str | os.PathLike[str] | None, env: Mapping[str, str], streams: Sequence[int]
) -> ForkedProcess:
    """Have a kernel forked that equals the one of this command; returns once it listens.

    command: `python -m ipykernel_launcher -f <connection file> ...`. streams: descriptors for its standard input,
    output and error output. Blocks, for the seconds of the imports if the zygote has to be started first. Raises
    Unavailable where an ordinary kernel has to be started instead.
    """
    if not switched_on(env):
        raise Unavailable("switched off")
    if command[0] != sys.executable or list(command[1:3]) != ["-m", "ipykernel_launcher"]:
        raise Unavailable("this is no kernel of this Python")
    order = Order(list(command[3:]), os.fspath(Path(cwd or ".").absolute()), dict(env))
    order.environment["JPY_PARENT_PID"] = str(os.getpid())
    try:
        order.check()
    except BadOrder as reason:
        raise Unavailable(str(reason)) from reason
    address = address_for(sys.executable, env)
    try:
        return _process(order, streams, address, env)
    except _Gone:
        # It may have been about to end for lack of use; then the next one is asked.
        return _process(order, streams, address, env)


def warm_up(env: Mapping[str, str], *, errands: bool = False) -> None:
    """Start a zygote for kernels with this environment, or for errands, if there is none, without waiting for it.

    Where that fails, the first kernel will meet the same and say so.
    """
    with contextlib.suppress(Unavailable, OSError):
        address = address_for(sys.executable, env, errands=errands)
        if not address.socket.exists():
            connect(address, env).close()


def takes_errands(env: Mapping[str, str]) -> bool:
    """Whether a zygote for errands with this environment answers."""
    with contextlib.suppress(Unavailable, OSError):
        connection = reach(address_for(sys.executable, env, errands=True).socket)
        if connection is not None:
            connection.close()
            return True
    return False


def end_zygotes() -> None:
    """End all zygotes in this user's runtime folder, each as soon as its last kernel has ended."""
    with contextlib.suppress(Unavailable, OSError):
        for path in private_folder().glob("*.socket"):
            connection = reach(path)
            path.unlink(missing_ok=True)
            if connection is not None:
                connection.close()  # which wakes the zygote, and it sees that its socket is gone


class _Gone(Unavailable):
    """The zygote ended while it was asked."""


def _process(order: Order, streams: Sequence[int], address: Address, env: Mapping[str, str]) -> ForkedProcess:
    connection = connect(address, env)
    try:
        return ForkedProcess(_ordered(connection, order, streams, address), connection)
    except BaseException:
        connection.close()
        raise


def _ordered(connection: socket.socket, order: Order, streams: Sequence[int], address: Address) -> int:
    try:
        if messages.peer(connection)[1] != os.getuid():
            raise Unavailable("the zygote is another user's")
        messages.send(connection, order.payload(), streams)
        answer = messages.receive(connection)
    except TimeoutError:
        address.failed.write_text(f"no kernel within {_PATIENCE:.0f} s", encoding="utf-8")
        raise Unavailable("the zygote does not answer") from None
    except (OSError, ValueError) as error:
        raise _Gone(_failure(address) or f"the zygote is gone: {error}") from error
    if answer is None:
        raise _Gone(_failure(address) or "the zygote is gone")
    if "ready" in answer:
        return int(answer["ready"])
    raise Unavailable(str(answer.get("refused") or "the kernel ended while it started"))


def _failure(address: Address) -> str:
    """Why a zygote could not start here some minutes ago, so that not every kernel waits for the next failure."""
    with contextlib.suppress(OSError):
        if time.time() - address.failed.stat().st_mtime < _FORGIVE:
            return address.failed.read_text(encoding="utf-8")
    return ""


def connect(address: Address, env: Mapping[str, str]) -> socket.socket:
    """A connection to the zygote, which is started if there is none. Raises Unavailable."""
    failure = _failure(address)
    if failure:
        raise Unavailable(failure)
    try:
        connection = reach(address.socket)
        if connection is None:
            with _alone(address.folder):
                connection = reach(address.socket)
                if connection is None:
                    _start(address, env)
                    connection = reach(address.socket)
    except (OSError, subprocess.SubprocessError) as error:
        raise Unavailable(f"the zygote cannot be started: {error}") from error
    if connection is None:
        raise Unavailable(_failure(address) or "the zygote has ended at once")
    return connection


def reach(path: Path) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_PATIENCE)
    try:
        connection.connect(os.fspath(path))
    except (FileNotFoundError, ConnectionRefusedError):
        connection.close()
        return None
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _start(address: Address, env: Mapping[str, str]) -> None:
    """Start a zygote on a socket that is open already; call it alone."""
    _sweep(address)
    idle = env.get(IDLE, "600")
    address.socket.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener, address.log.open("wb") as log:
        listener.bind(os.fspath(address.socket))
        listener.listen(64)
        subprocess.run(
            [
                *(sys.executable, "-m", "braid.kernels.zygote", *_OPTIONS, *address.options),
                *(str(listener.fileno()), os.fspath(address.socket), str(address.socket.stat().st_ino)),
                *(library_signature(), idle),
            ],
            cwd="/",
            env=start_environment(env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[listener.fileno()],
            start_new_session=True,
            timeout=_PATIENCE,
            check=True,
        )


def _sweep(address: Address) -> None:
    """Delete what zygotes of earlier libraries have left behind when they were killed."""
    for path in [*address.folder.glob("*.log"), *address.folder.glob("*.failed"), *address.folder.glob("*.socket")]:
        living: Any = reach(path.with_suffix(".socket"))
        if living is not None:
            living.close()
        elif path != address.failed:
            path.unlink(missing_ok=True)


def _born(pid: int) -> str:
    """When a process was started, in the clock of the kernel; nothing if it is over (or a zombie nobody reaps)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]
