"""One call of a function in a process that is forked from the zygote, and so has imported everything already.

The other side of `child.do_errand`. It saves a run the import of papermill; whatever fails before the function is
called is Unavailable, and the call can be made in another process.
"""

from __future__ import annotations

import base64
import contextlib
import os
import pickle
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from braid.kernels import messages
from braid.kernels.address import Unavailable, address_for
from braid.kernels.start import connect

T = TypeVar("T")


class Errands:
    """The calls that are under way; each may be made in a thread of its own. environment: what the processes get."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._under_way: set[socket.socket] = set()
        self._lock = Lock()

    def call(self, function: Callable[..., T], *arguments: object) -> T:
        """Call a function of a module in a forked process, in this process's working folder.

        Function, arguments and result are pickled. Raises what the function raises, Unavailable where it was not
        called, and BrokenProcessPool where its process ended, as a pool of processes does.
        """
        connection = connect(address_for(sys.executable, self._environment, errands=True), self._environment)
        with self._lock:
            self._under_way.add(connection)
        try:
            call = base64.b64encode(pickle.dumps((function, arguments))).decode("ascii")
            answer = _asked(connection, messages.Errand(call, str(Path.cwd()), self._environment))
        finally:
            with self._lock:
                self._under_way.discard(connection)
            connection.close()
        if "done" not in answer:
            from concurrent.futures.process import BrokenProcessPool

            raise BrokenProcessPool(f"the process ended with the code {answer.get('ended', 'that nobody told')}")
        result, error = pickle.loads(base64.b64decode(answer["done"]))
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]

    def end(self) -> None:
        """End the processes of all calls that are under way."""
        with self._lock:
            for connection in self._under_way:
                connection.shutdown(socket.SHUT_RDWR)


def _asked(connection: socket.socket, errand: messages.Errand) -> dict[str, Any]:
    try:
        messages.send(connection, errand.payload(), (0, 1, 2))
        begun = messages.receive(connection)
    except (OSError, ValueError) as error:
        raise Unavailable(f"the zygote is gone: {error}") from error
    if begun is None or "begun" not in begun:
        raise Unavailable(str((begun or {}).get("refused", "the zygote is gone")))
    connection.settimeout(None)
    while True:
        try:
            return messages.receive(connection) or {}
        except KeyboardInterrupt:
            # the process has a session of its own, which the terminal does not interrupt
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(begun["begun"]), signal.SIGINT)
        except (OSError, ValueError):
            return {}
