"""A forked child becomes a kernel that nothing tells from one that was started with `python -m ipykernel_launcher`."""

from __future__ import annotations

import base64
import contextlib
import importlib.util
import io
import os
import pickle
import random
import select
import socket
import sys
import tempfile
import time
import warnings
from threading import Thread
from typing import NoReturn

from ipykernel import iostream, kernelapp
from traitlets import DottedObjectName

from braid.kernels import messages
from braid.kernels.messages import BadOrder, Errand, Order
from braid.kernels.preload import Loaded, hidden_by


class ClientWatch(Thread):
    """Ends the kernel when its client is gone, as ipykernel's own poller does.

    That one watches the parent process, which is the zygote here, and a kernel outlives its zygote.
    """

    def __init__(self, client: int, connection: socket.socket) -> None:
        super().__init__(daemon=True)
        self.client = client
        self.connection = connection

    def run(self) -> None:
        poll = select.poll()
        poll.register(self.connection, select.POLLIN)
        while True:
            # The connection ends with the client; a copy of it in a process that the client forked may not.
            if poll.poll(1000) and self._ended():
                os._exit(1)
            try:
                os.kill(self.client, 0)
            except ProcessLookupError:
                os._exit(1)
            except OSError:
                pass

    def _ended(self) -> bool:
        try:
            return not self.connection.recv(1)
        except TimeoutError:
            return False
        except OSError:
            return True


class OutStream(iostream.OutStream):
    """ipykernel's output, but for flushes of nothing: it asks for six in each cell, and each waits for a thread.

    That thread also sends by itself what waits for long, and gives it to its own queue only when it is packed. Until
    then a flush has to wait as well, or the end of the cell would be told before its last words.
    """

    _is_packing = False

    def flush(self) -> None:
        """Have what was written sent, and wait for it."""
        with self._buffer_lock:
            written = bool(self._buffers)
        if written or self._is_packing:  # asked in this order: it begins before the buffers are emptied
            super().flush()  # type: ignore[no-untyped-call]

    def _flush(self) -> None:
        self._is_packing = True
        try:
            super()._flush()  # type: ignore[no-untyped-call]
        finally:
            self._is_packing = False


class IPKernelApp(kernelapp.IPKernelApp):
    """ipykernel's application, but for how it learns that its client is gone, and for its output.

    Its name is what its logger and its settings go by.
    """

    outstream_class = DottedObjectName(f"{OutStream.__module__}.{OutStream.__name__}").tag(config=True)
    client: int = 0
    connection: socket.socket

    def init_poller(self) -> None:
        """Watch the client instead of the parent process."""
        self.poller = ClientWatch(self.client, self.connection)


def be_child(connection: socket.socket, loaded: Loaded) -> None:
    """Take the client's order, its folder, environment and streams, and run the kernel until it is shut down.

    Or do an errand, and end. A client may as well have been looking whether somebody is there, or ask for what cannot
    be: then this ends.
    """
    client, _ = messages.peer(connection)
    try:
        order, streams = _take_order(connection)
    except BadOrder as reason:
        with contextlib.suppress(OSError):
            messages.send(connection, {"refused": str(reason)})
        os._exit(0)
    except (OSError, ValueError):
        os._exit(0)
    if isinstance(order, Errand):
        _do_errand(order, streams, client, connection, loaded)
    try:
        application = _initialized(order, streams, client, connection, loaded)
    except Exception as error:
        # An ordinary kernel comes instead, and shows the same error where it is not of our making.
        with contextlib.suppress(OSError):
            messages.send(connection, {"refused": f"{type(error).__name__}: {error}"})
        os._exit(1)
    messages.send(connection, {"ready": os.getpid()})
    application.start()  # type: ignore[no-untyped-call]


def _do_errand(errand: Errand, streams: list[int], client: int, connection: socket.socket, loaded: Loaded) -> NoReturn:
    """Make one call, tell what came of it, and end."""
    _at_home(errand, streams, loaded)
    messages.send(connection, {"begun": os.getpid()})
    ClientWatch(client, connection).start()
    try:
        function, arguments = pickle.loads(base64.b64decode(errand.call))
        done = pickle.dumps((function(*arguments), None))
    except (Exception, KeyboardInterrupt) as error:
        done = pickle.dumps((None, error))
    # what was said first: the client may be gone as soon as it knows the end
    with contextlib.suppress(OSError):  # nobody reads it any more
        sys.stdout.flush()
        sys.stderr.flush()
    with contextlib.suppress(OSError):
        messages.send(connection, {"done": base64.b64encode(done).decode("ascii")})
    os._exit(0)


def _take_order(connection: socket.socket) -> tuple[Order | Errand, list[int]]:
    """The order and the three streams that came with it. Raises BadOrder, OSError, ValueError."""
    message, streams = messages.receive_with_streams(connection)
    if message is None:
        raise ValueError("there is no order")
    order = messages.read_order(message)
    if len(streams) != 3:
        raise BadOrder("three streams are needed")
    hiding = hidden_by(order.folder) if isinstance(order, Order) else None
    if hiding:
        raise BadOrder(f"{hiding} in the working folder hides what has been imported already")
    return order, streams


def _initialized(
    order: Order, streams: list[int], client: int, connection: socket.socket, loaded: Loaded
) -> IPKernelApp:
    _at_home(order, streams, loaded)
    launcher = importlib.util.find_spec("ipykernel_launcher")
    assert launcher is not None and launcher.origin is not None
    sys.argv = [launcher.origin, *order.arguments]
    sys.orig_argv = [sys.executable, "-m", "ipykernel_launcher", *order.arguments]

    application: IPKernelApp = IPKernelApp.instance()
    application.client = client
    application.connection = connection
    application.parent_handle = client
    application.initialize()  # type: ignore[no-untyped-call]
    # The order of an ordinary kernel, in which the libraries are imported after IPython has started.
    warnings.filters[:0] = loaded.filters  # type: ignore[index]
    warnings._filters_mutated()  # type: ignore[attr-defined]
    return application


def _at_home(order: Order | Errand, streams: list[int], loaded: Loaded) -> None:
    """Be in the folder, and have the environment and the streams, that were ordered, as a process of its own."""
    os.setsid()
    for target, stream in enumerate(streams):
        os.dup2(stream, target)
        os.close(stream)
    output = sys.stdout
    if isinstance(output, io.TextIOWrapper) and output.isatty() and not output.write_through:
        output.reconfigure(line_buffering=True)  # as Python does when it starts on a terminal
    os.chdir(order.folder)
    os.environ.clear()
    os.environ.update({**loaded.variables, **order.environment})
    time.tzset()
    tempfile.tempdir = None
    _new_chance()


def _new_chance() -> None:
    """New states for the generators of random numbers that were filled when they were imported."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
