"""nbval's kernel, whose death is noticed."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from nbval.kernel import RunningKernel

_LOOK = 1.0  # seconds between two looks at the process


class WatchedKernel(RunningKernel):  # type: ignore[misc]
    """nbval's kernel, but for a notebook whose process dies: nbval would wait for its answer for half an hour."""

    def await_reply(self, msg_id: Any, timeout: float | None = None) -> None:
        """Wait for the end of a cell. Raises Empty when the time is over, RuntimeError when the process died."""
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            try:
                super().await_reply(msg_id, timeout=min(_LOOK, max(deadline - time.monotonic(), 0)))
                return
            except Empty:
                if not self.is_alive():
                    raise RuntimeError("the notebook's process died in this cell") from None
                if time.monotonic() > deadline:
                    raise
