"""The entry point for Jupyter: a provisioner that has kernels forked where it can."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from braid.kernels.address import Unavailable
from braid.kernels.choice import LOG
from braid.kernels.start import ForkedProcess, fork_kernel

T = TypeVar("T")
_KNOWN = {"env", "cwd", "stdin", "stdout", "stderr", "extra_arguments", "kernel_id", "independent"}


class ForkedProvisioner(LocalProvisioner):
    """Jupyter's own provisioner, whose process is forked from a warm one where that gives the same kernel."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Launch a kernel; whatever fails in forking is one line in the log, and an ordinary kernel."""
        try:
            process = await _in_thread(_fork, cmd, kwargs)
        except Exception as error:
            reason = error if isinstance(error, Unavailable) else f"{type(error).__name__}: {error}"
            LOG.info("ordinary kernel instead of a forked one: %s", reason)
            return await super().launch_kernel(cmd, **kwargs)
        self.process = process  # type: ignore[assignment]
        self.pid = self.pgid = process.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and see it end, which it does at once; Jupyter would look for the first time 0.1 s later."""
        process: Any = self.process
        await super().kill(restart)
        if isinstance(process, ForkedProcess):
            with contextlib.suppress(subprocess.TimeoutExpired):
                await _in_thread(process.wait, 1)


async def _in_thread(function: Callable[..., T], *arguments: Any) -> T:
    """Call a function that blocks in a thread of its own.

    Not in those of the event loop: a process that was forked has its parent's loop, but not the threads.
    """
    thread = ThreadPoolExecutor(1)
    try:
        return await asyncio.get_running_loop().run_in_executor(thread, function, *arguments)
    finally:
        thread.shutdown(wait=False)


def _fork(command: list[str], settings: dict[str, Any]) -> ForkedProcess:
    unknown = set(settings) - _KNOWN
    if unknown or settings.get("independent") or settings.get("stdin") is not None:
        raise Unavailable(f"it cannot be given {', '.join(sorted(unknown)) or 'independence or an input'}")
    # As Jupyter's own launcher does it: the input is a pipe that nobody can write to.
    reading, writing = os.pipe()
    os.close(writing)
    try:
        streams = [reading, _descriptor(settings.get("stdout"), 1), _descriptor(settings.get("stderr"), 2)]
        return fork_kernel(command, cwd=settings.get("cwd"), env=settings.get("env", os.environ), streams=streams)
    finally:
        os.close(reading)


def _descriptor(stream: Any, otherwise: int) -> int:
    if stream is None:
        return otherwise
    number = stream if isinstance(stream, int) else stream.fileno()
    if number < 0:  # PIPE, DEVNULL, STDOUT of subprocess
        raise Unavailable("it cannot make the pipes of a subprocess")
    return int(number)
