"""A forked child becomes a kernel that nothing tells from one that was started with `python -m ipykernel_launcher`."""

from __future__ import annotations

import importlib.util
import io
import os
import random
import select
import socket
import sys
import tempfile
import time
import warnings
from threading import Thread

from ipykernel import kernelapp

from braid.kernels import messages
from braid.kernels.messages import Order
from braid.kernels.preload import Loaded


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


class IPKernelApp(kernelapp.IPKernelApp):
    """ipykernel's application, but for how it learns that its client is gone.

    Its name is what its logger and its settings go by.
    """

    client: int = 0
    connection: socket.socket

    def init_poller(self) -> None:
        """Watch the client instead of the parent process."""
        self.poller = ClientWatch(self.client, self.connection)


def be_kernel(order: Order, client: int, connection: socket.socket, streams: list[int], loaded: Loaded) -> None:
    """Take on the client's folder, environment and streams, and run the kernel until it is shut down."""
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
    launcher = importlib.util.find_spec("ipykernel_launcher")
    assert launcher is not None and launcher.origin is not None
    sys.argv = [launcher.origin, *order.arguments]
    sys.orig_argv = [sys.executable, "-m", "ipykernel_launcher", *order.arguments]
    _new_chance()

    application = IPKernelApp.instance()
    application.client = client
    application.connection = connection
    application.parent_handle = client
    application.initialize()  # type: ignore[no-untyped-call]
    # The order of an ordinary kernel, in which the libraries are imported after IPython has started.
    warnings.filters[:0] = loaded.filters  # type: ignore[index]
    warnings._filters_mutated()  # type: ignore[attr-defined]
    messages.send(connection, {"ready": os.getpid()})
    application.start()  # type: ignore[no-untyped-call]


def _new_chance() -> None:
    """New states for the generators of random numbers that were filled when they were imported."""
    import numpy

    random.seed()
    numpy.random.seed()
