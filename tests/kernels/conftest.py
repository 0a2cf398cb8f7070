"""Kernels in a runtime folder of the tests' own, so that no zygote of a person is touched."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from braid.kernels.choice import DEFAULT, NAME, SWITCH, kernel_environment

HERE = Path(__file__).parent
ASKED = os.environ.get("BRAID_TEST_KERNELS") == "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Forked kernels are switched off unless asked for, and so are their tests: they start a hundred kernels."""
    for item in items:
        if HERE in item.path.parents and not ASKED:
            item.add_marker(pytest.mark.skip(reason="tests of forked kernels run with BRAID_TEST_KERNELS=1"))


if ASKED:
    os.environ[SWITCH] = "1"

PLAIN = {"OPENBLAS_NUM_THREADS": "1", "JUPYTER_PLATFORM_DIRS": "1", "PYTHONHASHSEED": "0"}


@dataclass
class Kernel:
    """A running kernel, as its client holds it."""

    manager: Any
    client: Any

    @property
    def forked(self) -> bool:
        """Whether its parent is a zygote."""
        parent = self.ask("import os; print(os.getppid())")
        return "braid.kernels.zygote" in Path(f"/proc/{parent}/cmdline").read_text()

    @property
    def pid(self) -> int:
        return int(self.manager.provisioner.pid)

    def ask(self, code: str, timeout: float = 60) -> str:
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

        self.client.execute_interactive(code, timeout=timeout, output_hook=keep, allow_stdin=False)
        return "".join(parts).strip()


Start = Callable[..., Kernel]


@pytest.fixture(scope="package")
def runtime() -> Iterator[Path]:
    """A runtime folder (its path is short: socket names are), and environment, for all tests of this folder."""
    folder = Path(tempfile.mkdtemp(prefix="bk"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        patch.delenv(SWITCH, raising=False)
        patch.delenv(DEFAULT, raising=False)
        for name, value in PLAIN.items():
            patch.setenv(name, value)
        assert kernel_environment() == {DEFAULT: NAME}, "the entry point is missing: set braid up again"
        yield folder
    for pid in zygotes(folder):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder)


@pytest.fixture
def start(runtime: Path) -> Iterator[Start]:
    """Starts kernels, and shuts them down when the test is over."""
    from jupyter_client.manager import KernelManager

    running: list[Kernel] = []

    def make(provisioner: str = NAME, **settings: Any) -> Kernel:
        manager = KernelManager(kernel_name="python3")
        manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": provisioner}
        manager.start_kernel(extra_arguments=["--IPKernelApp.log_level=50"], **settings)
        client = manager.client()
        client.start_channels()
        running.append(Kernel(manager, client))
        client.wait_for_ready(timeout=60)
        return running[-1]

    yield make
    for kernel in running:
        kernel.client.stop_channels()
        kernel.manager.shutdown_kernel(now=True)


def zygotes(folder: Path) -> list[int]:
    """The process ids of the zygotes whose sockets are in a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = path.read_bytes().decode(errors="replace").split("\0")
            if "braid.kernels.zygote" in words and any(word.startswith(str(folder)) for word in words):
                found.append(int(path.parent.name))
    return [pid for pid in found if _parent(str(pid)) not in found]  # the others are kernels


def _parent(pid: str) -> int:
    with contextlib.suppress(OSError):
        match = re.search(r"PPid:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        return int(match[1]) if match else 0
    return 0


def state(pid: int) -> str:
    """The state letter of a process (Z is a zombie), or nothing if there is none."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""
