"""The entry point for Jupyter: a provisioner that has kernels forked where it can."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from braid.kernels.address import Unavailable
from braid.kernels.start import ForkedProcess, fork_kernel

_KNOWN = {"env", "cwd", "stdin", "stdout", "stderr", "extra_arguments", "kernel_id", "independent"}


class ForkedProvisioner(LocalProvisioner):
    """Jupyter's own provisioner, whose process is forked from a warm one where that gives the same kernel."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Launch a kernel; a failure to fork is one line in the log, and an ordinary kernel."""
        try:
            process = await asyncio.to_thread(_fork, cmd, kwargs)
        except Unavailable as reason:
            self.log.info("ordinary kernel instead of a forked one: %s", reason)
            return await super().launch_kernel(cmd, **kwargs)
        self.process = process  # type: ignore[assignment]
        self.pid = self.pgid = process.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info


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
