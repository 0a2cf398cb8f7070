"""Kernels as a client holds them, zygotes of a test's own, and waiting for what is to happen."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from braid.kernels import end_zygotes
from braid.kernels import start as start_module
from braid.kernels.choice import DEFAULT, NAME, SWITCH, kernel_environment
from braid.kernels.start import ForkedProcess, fork_kernel
from jupyter_client.connect import write_connection_file

LONG = 90.0  # seconds after which what is waited for will not happen any more, however busy the machine is
PLAIN = {"OPENBLAS_NUM_THREADS": "1", "JUPYTER_PLATFORM_DIRS": "1", "PYTHONHASHSEED": "0"}


@dataclass
class Kernel:
    """A running kernel, as its client holds it."""

    manager: Any
    client: Any

    @property
    def forked(self) -> bool:
        """Whether its parent is a zygote."""
        return "braid.kernels.zygote" in Path(f"/proc/{self.parent}/cmdline").read_text()

    @property
    def parent(self) -> int:
        return parent(self.pid)

    @property
    def pid(self) -> int:
        return int(self.manager.provisioner.pid)

    def until_ready(self) -> None:
        """Ask until an answer and its output have come."""

        def answers() -> bool:
            asked = self.client.kernel_info()
            with contextlib.suppress(Empty):
                while self.client.get_shell_msg(timeout=1)["parent_header"].get("msg_id") != asked:
                    pass
                while (message := self.client.get_iopub_msg(timeout=1))["msg_type"] != "status" or (
                    (message["parent_header"].get("msg_id"), message["content"]["execution_state"]) != (asked, "idle")
                ):
                    pass
                return True
            return False

        assert until(answers)

    def ask(self, code: str) -> str:
        """Run code; what it printed, or what went wrong."""
        parts: list[str] = []

        def keep(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "stream" and content["name"] == "stdout":
                parts.append(content["text"])
            elif message["msg_type"] == "error":
                parts.append(f"{content['ename']}: {content['evalue']}")
            elif message["msg_type"] in ("execute_result", "display_data"):
                parts.append(content["data"].get("text/plain", ""))

        self.client.execute_interactive(code, timeout=LONG, output_hook=keep, allow_stdin=False, stop_on_error=False)
        return "".join(parts).strip()


Start = Callable[..., Kernel]


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment in which a run starts its kernels."""
    monkeypatch.delenv(SWITCH, raising=False)
    monkeypatch.delenv(DEFAULT, raising=False)
    for name, value in PLAIN.items():
        monkeypatch.setenv(name, value)
    assert kernel_environment() == {DEFAULT: NAME}, "the entry point is missing: set braid up again"


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A runtime folder of the test's own, with zygotes that import no library of the analysis and so start soon."""
    folder = Path(tempfile.mkdtemp(prefix="bk"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setattr(start_module, "_OPTIONS", ("--kernel-only",))
    yield folder
    end_zygotes()
    assert until(lambda: not zygotes(folder))
    shutil.rmtree(folder)


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts kernels, and shuts them down when the test is over. To be asked for after `alone`."""
    from jupyter_client.manager import KernelManager

    running: list[Kernel] = []

    def make(provisioner: str = NAME, **settings: Any) -> Kernel:
        manager = KernelManager(kernel_name="python3")
        manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": provisioner}
        manager.start_kernel(extra_arguments=["--IPKernelApp.log_level=50"], **settings)
        client = manager.client()
        client.start_channels()
        running.append(Kernel(manager, client))
        running[-1].until_ready()
        return running[-1]

    yield make
    for kernel in running:
        kernel.client.stop_channels()
        kernel.manager.shutdown_kernel(now=True)


def forked(folder: Path, number: int = 0, env: Mapping[str, str] | None = None) -> ForkedProcess:
    """A kernel without a client, which works in the folder given."""
    file, _ = write_connection_file(str(folder / f"{number}.json"), ip=f"{folder}/{number}", transport="ipc")
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", file, "--IPKernelApp.log_level=50"]
    return fork_kernel(command, cwd=folder, env=os.environ if env is None else env, streams=[0, 1, 2])


def until(holds: Callable[[], object], seconds: float = LONG) -> bool:
    """Whether something comes to hold."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False


def zygotes(folder: Path) -> list[int]:
    """The process ids of the zygotes whose sockets are in a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = path.read_bytes().decode(errors="replace").split("\0")
            if "braid.kernels.zygote" in words and any(word.startswith(str(folder)) for word in words):
                found.append(int(path.parent.name))
    return [pid for pid in found if parent(pid) not in found]  # the others are kernels


def parent(pid: int) -> int:
    """The parent of a process, 0 where there is none."""
    with contextlib.suppress(OSError):
        match = re.search(r"PPid:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        return int(match[1]) if match else 0
    return 0


def state(pid: int) -> str:
    """The state letter of a process (Z is a zombie), or nothing if there is none."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""


def gone(pid: int) -> bool:
    """Whether a process has ended, reaped or not."""
    return state(pid) in ("", "Z")
