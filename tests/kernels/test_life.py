"""Starting, interrupting, restarting, dying: a forked kernel goes through all of it as an ordinary one does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from braid.kernels.start import fork_kernel
from jupyter_client.connect import write_connection_file

from .conftest import NAME, Start, state, zygotes

pytestmark = pytest.mark.slow


def until(holds: Callable[[], object], seconds: float = 10) -> bool:
    """Whether something comes to hold within so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False


def test_a_kernel_is_forked_and_has_the_libraries_at_once(start: Start) -> None:
    kernel = start()
    assert kernel.forked
    assert kernel.ask("import sys; print('pingouin' in sys.modules)") == "True"


def test_an_interrupt_stops_a_cell_and_not_the_kernel(start: Start) -> None:
    kernel = start()
    kernel.ask("kept = 41")
    ident = kernel.client.execute("import time\nprint('begun', flush=True)\ntime.sleep(60)")
    while kernel.client.get_iopub_msg(timeout=20)["msg_type"] != "stream":
        pass
    kernel.manager.interrupt_kernel()
    while (reply := kernel.client.get_shell_msg(timeout=20))["parent_header"].get("msg_id") != ident:
        pass
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert kernel.ask("print(kept + 1)") == "42"


def test_a_restart_gives_a_new_process_without_the_old_variables(start: Start) -> None:
    kernel = start()
    kernel.ask("kept = 1")
    before = kernel.pid
    kernel.manager.restart_kernel()
    kernel.client.wait_for_ready(timeout=60)
    assert kernel.pid != before
    assert kernel.forked
    assert kernel.ask("kept").startswith("NameError")


@pytest.mark.parametrize(
    ("death", "code"),
    [
        ("import os; os._exit(7)", 7),
        ("import ctypes; ctypes.string_at(0)", -signal.SIGSEGV),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
    ],
)
def test_the_death_of_a_kernel_is_noticed_with_its_exit_code(start: Start, death: str, code: int) -> None:
    kernel = start()
    other = start()
    kernel.client.execute(death)
    assert until(lambda: not kernel.manager.is_alive())
    assert kernel.manager.provisioner.process.returncode == code
    assert until(lambda: not state(kernel.pid))
    assert other.ask("print(1)") == "1"


def test_a_shutdown_leaves_neither_process_nor_connection_file(start: Start) -> None:
    kernel = start()
    pid, file = kernel.pid, Path(kernel.manager.connection_file)
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel()
    assert not state(pid)
    assert not file.exists()


def test_functions_registered_at_exit_are_called(start: Start, tmp_path: Path) -> None:
    kernel = start()
    kernel.ask(f"import atexit, pathlib; atexit.register(pathlib.Path({str(tmp_path / 'mark')!r}).touch)")
    kernel.manager.shutdown_kernel()
    assert (tmp_path / "mark").exists()


def test_a_kernel_outlives_its_zygote_and_the_next_one_has_another(start: Start, runtime: Path) -> None:
    kernel = start()
    kernel.ask("kept = 1")
    killed = int(kernel.ask("import os; print(os.getppid())"))
    os.kill(killed, signal.SIGKILL)
    assert until(lambda: not state(killed) or state(killed) == "Z")
    time.sleep(1.5)  # ipykernel's own watch would have ended it within a second
    assert kernel.ask("print(kept)") == "1"
    assert start().forked
    assert killed not in zygotes(runtime)
    kernel.client.execute("import os; os._exit(3)")
    assert until(lambda: not kernel.manager.is_alive())


def test_a_kernel_ends_with_its_client(runtime: Path) -> None:
    client = (
        "import os, sys, time\n"
        "from jupyter_client.manager import KernelManager\n"
        "manager = KernelManager(kernel_name='python3')\n"
        "manager.start_kernel()\n"
        "if not os.fork(): time.sleep(30); os._exit(0)\n"  # it holds a copy of everything the client has open
        "print(manager.provisioner.pid, type(manager.provisioner).__name__, flush=True)\n"
        "time.sleep(30)\n"
    )
    environment = {**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": NAME}
    process = subprocess.Popen(
        [sys.executable, "-c", client], stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )
    assert process.stdout is not None
    word, provisioner = process.stdout.readline().split()
    assert provisioner == "ForkedProvisioner"
    assert state(int(word))
    process.kill()
    process.wait()
    try:
        assert until(lambda: not state(int(word)))
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.stdout.close()


def test_a_cell_that_takes_too_long_is_stopped(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError

    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("import time; time.sleep(60)")],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
    )
    from jupyter_client.provisioning import KernelProvisionerFactory

    monkeypatch.setattr(KernelProvisionerFactory.instance(), "default_provisioner_name", NAME)
    client = NotebookClient(notebook, timeout=1)
    with pytest.raises(CellTimeoutError):
        client.execute()


def test_a_hundred_kernels_leave_the_zygote_as_large_as_it_was(start: Start, runtime: Path, tmp_path: Path) -> None:
    first = start()
    zygote = int(first.ask("import os; print(os.getppid())"))

    def size() -> int:
        rollup = Path(f"/proc/{zygote}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in rollup if line.startswith("Private_"))

    def files() -> int:
        return len(list(Path(f"/proc/{zygote}/fd").iterdir()))

    def one(number: int) -> None:
        file, _ = write_connection_file(str(tmp_path / f"{number}.json"), ip=f"{runtime}/{number}", transport="ipc")
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", file, "--IPKernelApp.log_level=50"]
        process = fork_kernel(command, cwd=runtime, env=os.environ, streams=[0, 1, 2])
        process.kill()
        assert process.wait(10) == -signal.SIGKILL

    sizes = []
    opened = files()  # with the first kernel's connection
    with ThreadPoolExecutor(4) as pool:
        for ten in range(10):
            list(pool.map(one, range(10 * ten, 10 * ten + 10)))
            sizes.append(size())
    assert until(lambda: files() == opened)
    assert sizes[-1] - sizes[0] < 4096  # kB, of some 150,000
    children = Path(f"/proc/{zygote}/task/{zygote}/children").read_text().split()
    assert children == [str(first.pid)], "none is left, not even as a zombie"
