"""Commands as whole processes: how long they took, and the memory that they and their kernels held at once."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ZYGOTE = "braid.kernels.zygote"
EVERY = 0.25


@dataclass(frozen=True)
class Run:
    """One run of a command. seconds: wall time; peak: the most megabytes held at once, shared pages counted once."""

    seconds: float
    peak: float


@dataclass(frozen=True)
class Place:
    """A project to call commands in, and the folder that holds the sockets of its kernels."""

    root: Path
    runtime: Path
    warm: bool = True

    def environment(self) -> dict[str, str]:
        """What commands see: kernels of this place's own, which end when they have not been used for a while."""
        self.runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
        own = {"XDG_RUNTIME_DIR": str(self.runtime), "BRAID_WARM_KERNELS": "1" if self.warm else "0"}
        return {**os.environ, **own, "BRAID_WARM_KERNELS_IDLE": "60"}

    def call(self, *command: str, ok: Sequence[int] = (0,), memory: bool = False) -> Run:
        """Call a command and wait for it. Raises RuntimeError with what it printed where it fails."""
        began = time.monotonic()
        with subprocess.Popen(
            command, cwd=self.root, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            with _Watch(process.pid, self.runtime, wanted=memory) as peaks:
                printed, _ = process.communicate()
            seconds = time.monotonic() - began
        if process.returncode not in ok:
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{printed[-3000:]}")
        return Run(seconds, max(peaks, default=0.0))

    def braid(self, *arguments: str, memory: bool = False) -> Run:
        """Call `braid`."""
        return self.call(sys.executable, "-m", "braid", *arguments, memory=memory)

    def end_kernels(self) -> None:
        """End the process that kernels are forked from, so that the next run has to start one."""
        for process in _zygotes(self.runtime):
            with contextlib.suppress(psutil.Error):
                for member in [*process.children(recursive=True), process]:
                    member.kill()
                process.wait(10)


def middle(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


class _Watch:
    """Samples the memory of a process, its children, and the kernels forked for it, in a thread."""

    def __init__(self, pid: int, runtime: Path, *, wanted: bool) -> None:
        self.pid, self.runtime, self.wanted = pid, runtime, wanted
        self.peaks: list[float] = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> list[float]:
        if self.wanted:
            self.thread.start()
        return self.peaks

    def __exit__(self, *reason: object) -> None:
        self.over.set()
        if self.wanted:
            self.thread.join()

    def _sample(self) -> None:
        while not self.over.wait(EVERY):
            roots: list[psutil.Process] = _zygotes(self.runtime)
            with contextlib.suppress(psutil.Error):
                roots.append(psutil.Process(self.pid))
            self.peaks.append(sum(_held(process) for root in roots for process in _family(root)))


def _zygotes(runtime: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or []
        if ZYGOTE in line and any(str(runtime) in word for word in line):
            found.append(process)
    return found


def _family(process: psutil.Process) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return [process, *process.children(recursive=True)]
    return []


def _held(process: psutil.Process) -> float:
    """Megabytes of one process, a page shared by n processes counting one n-th."""
    with contextlib.suppress(psutil.Error, OSError, ValueError):
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
