"""A client that knows its kernel is ready from what the kernel says, not from a while of silence."""

from __future__ import annotations

import time
from queue import Empty

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type

_ANSWER = 1.0  # seconds to wait for an answer before asking again


class Client(AsyncKernelClient):
    """Jupyter's client, but for how it waits for its kernel.

    Jupyter's own listens until nothing has come for 0.2 seconds. Here one request is followed to its end: the reply
    shows that the kernel answers, and the message that it is idle again that its output reaches us from now on.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers. Raises RuntimeError if it dies or does not answer within the timeout."""
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        while not await self._answers():
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > deadline:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _answers(self) -> bool:
        """Ask once; whether reply and output came. An answer to an earlier question is passed over."""
        asked = self.kernel_info()
        try:
            while (reply := await self.shell_channel.get_msg(timeout=_ANSWER))["parent_header"].get("msg_id") != asked:
                pass
            while True:
                message = await self.iopub_channel.get_msg(timeout=_ANSWER)
                if (
                    message["parent_header"].get("msg_id") == asked
                    and message["msg_type"] == "status"
                    and message["content"]["execution_state"] == "idle"
                ):
                    break
        except Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True


class Manager(AsyncKernelManager):
    """Jupyter's manager of a kernel with such a client."""

    client_class = "braid.kernels.client.Client"
    client_factory = Type(Client)
