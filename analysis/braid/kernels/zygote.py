"""The zygote: a process that has imported everything, and forks a kernel whenever a client asks.

Started by `start` as `python -m braid.kernels.zygote`, with the listening socket already open, so that nobody has
to wait for a file to appear. It has no threads and no event loop, it reads nothing that a client sends (the forked
child does), and it ends by itself: when it was not needed for some time, when the library has changed, when its
socket is gone.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import selectors
import signal
import socket
import sys
import time
import traceback
from pathlib import Path

from braid.kernels import messages
from braid.kernels.address import library_signature
from braid.kernels.preload import Loaded, preload, preload_for_errands

_LOOK_AROUND = 5.0  # seconds between two looks at the library and the socket
_PATIENCE = 5.0  # seconds for a message to be sent or received
_BLOCKED = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT)


class Zygote:
    """Accepts connections, forks, and reports the end of each child to the client that asked for it."""

    def __init__(self, listener: socket.socket, path: Path, inode: int, signature: str, idle: float) -> None:
        self.listener = listener
        self.path = path
        self.inode = inode  # a zygote that came after may have its socket at this path
        self.signature = signature
        self.idle = idle
        self.children: dict[int, socket.socket] = {}
        self.used = time.monotonic()
        self.leaving = False
        listener.listen(64)  # again: the other side is told the process that called listen last
        listener.setblocking(False)
        self.alarm, self.bell = socket.socketpair()
        for end in (self.alarm, self.bell):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.signal(signal.SIGTERM, self._leave)
        signal.set_wakeup_fd(self.bell.fileno(), warn_on_full_buffer=False)

    def serve(self) -> socket.socket | None:
        """Wait for clients. Returns the connection to its client in each child, and in the zygote None at its end."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.listener, selectors.EVENT_READ)
            selector.register(self.alarm, selectors.EVENT_READ)
            while not (self.leaving and not self.children):
                selector.select(min(_LOOK_AROUND, self.idle))
                with contextlib.suppress(BlockingIOError):
                    self.alarm.recv(4096)
                self._reap()
                connection = self._accept()
                if connection is not None:
                    return connection
                if not self.leaving and self._is_out_of_use():
                    self.leaving = True
                    self._take_down_socket()
                    selector.unregister(self.listener)
        self._take_down_socket()
        return None

    def _leave(self, number: int, frame: object) -> None:
        self.leaving = True
        self.children.clear()  # their kernels go on; the clients see for themselves when they end

    def _accept(self) -> socket.socket | None:
        """Fork for every client that waits; returns the connection in the child only."""
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:  # nobody (more) is waiting
                return None
            self.used = time.monotonic()
            connection.settimeout(_PATIENCE)
            try:
                if messages.peer(connection)[1] == os.getuid() and self._fork(connection):
                    return connection
            except OSError as error:
                _note(f"no kernel could be forked: {error}")
            if connection not in self.children.values():
                connection.close()

    def _fork(self, connection: socket.socket) -> bool:
        """Whether this is the child."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _BLOCKED)
        try:
            pid = os.fork()
            if pid:
                self.children[pid] = connection
            else:
                self._forget()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _BLOCKED)
        return not pid

    def _forget(self) -> None:
        """In a child: close what is the zygote's alone, and take signals as a new process does."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for end in (self.listener, self.alarm, self.bell, *self.children.values()):
            end.close()
        self.children.clear()

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            connection = self.children.pop(pid, None)
            if connection is not None:
                self.used = time.monotonic()
                with contextlib.suppress(OSError):
                    messages.send(connection, {"ended": os.waitstatus_to_exitcode(status)})
                connection.close()

    def _is_out_of_use(self) -> bool:
        if not self.children and time.monotonic() - self.used > self.idle:
            return True
        return not self._owns_socket() or library_signature() != self.signature

    def _owns_socket(self) -> bool:
        with contextlib.suppress(OSError):
            return self.path.stat().st_ino == self.inode
        return False

    def _take_down_socket(self) -> None:
        """Let nobody else connect. Who has just connected is refused by the close, and starts over."""
        if self.listener.fileno() >= 0:
            if self._owns_socket():
                self.path.unlink(missing_ok=True)
            self.listener.close()


def _note(text: str) -> None:
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} zygote {os.getpid()}: {text}", file=sys.stderr, flush=True)


def main() -> None:
    """Import, then serve; in a child, be the kernel that is asked for, and end as an ordinary one does."""
    parser = argparse.ArgumentParser(prog="braid.kernels.zygote")
    parser.add_argument("descriptor", type=int)
    parser.add_argument("socket", type=Path)
    parser.add_argument("inode", type=int)
    parser.add_argument("signature")
    parser.add_argument("idle", type=float)
    parser.add_argument("--kernel-only", action="store_true", help="import no library of the analysis")
    parser.add_argument("--errands", action="store_true", help="import what runs notebooks, and nothing for kernels")
    given = parser.parse_args()
    if os.fork():
        os._exit(0)  # so that the zygote is a child of no client, and is reaped when it ends
    with socket.socket(fileno=given.descriptor) as listener:
        listener.set_inheritable(False)
        del sys.path[0]  # this process's working folder; IPython adds the kernel's own
        try:
            loaded = _prepare(given)
        except BaseException as error:
            reason = f"{type(error).__name__}: {error}"
            given.socket.with_suffix(".failed").write_text(reason.splitlines()[0], encoding="utf-8")
            given.socket.unlink(missing_ok=True)
            raise
        connection = Zygote(listener, given.socket, given.inode, given.signature, given.idle).serve()
    if connection is None:
        given.socket.with_suffix(".log").unlink(missing_ok=True)
        return
    from braid.kernels.child import be_child

    be_child(connection, loaded)


def _prepare(given: argparse.Namespace) -> Loaded:
    try:
        loaded = preload_for_errands() if given.errands else preload(analysis=not given.kernel_only)
    except BaseException:
        traceback.print_exc()
        raise
    # What is here now stays: without this the first collection in a child would copy all its pages.
    gc.collect()
    gc.freeze()
    return loaded


if __name__ == "__main__":
    main()
