"""Starting, interrupting, restarting, dying: a forked kernel goes through all of it as an ordinary one does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from ipykernel import iostream

from .conftest import LONG, NAME, Start, gone, state, until


def test_a_kernel_is_forked_and_has_the_libraries_at_once(start: Start) -> None:
    kernel = start()
    assert kernel.forked
    assert kernel.ask("import sys; print('pingouin' in sys.modules, 'braid.stages.change' in sys.modules)") == (
        "True True"
    )


def test_an_interrupt_stops_a_cell_and_not_the_kernel(start: Start) -> None:
    kernel = start()
    kernel.ask("kept = 41")
    sleeping = "import time\nprint('begun', flush=True)\ntime.sleep(600)"
    # or what is asked right after the error might be dropped with what was asked before it
    ident = kernel.client.execute(sleeping, stop_on_error=False)
    while kernel.client.get_iopub_msg(timeout=LONG)["msg_type"] != "stream":
        pass
    kernel.manager.interrupt_kernel()
    while (reply := kernel.client.get_shell_msg(timeout=LONG))["parent_header"].get("msg_id") != ident:
        pass
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert kernel.ask("print(kept + 1)") == "42"


PACKED_SLOWLY = """
import sys, time
session = type(sys.stdout.session)
packed = session.msg
def slowly(self, kind, *arguments, **named):
    time.sleep(kind == "stream")
    return packed(self, kind, *arguments, **named)
session.msg = slowly
"""


def test_what_is_being_sent_when_a_cell_ends_belongs_to_the_cell(start: Start) -> None:
    kernel = start()
    kernel.ask(PACKED_SLOWLY)
    assert kernel.ask(f"print('late'); time.sleep(2 * {iostream.OutStream.flush_interval})") == "late"


def test_a_restart_gives_a_new_process_without_the_old_variables(start: Start) -> None:
    kernel = start()
    kernel.ask("kept = 1")
    before = kernel.pid
    kernel.manager.restart_kernel()
    kernel.until_ready()
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
    assert until(lambda: not state(pid))
    assert not file.exists()


def test_functions_registered_at_exit_are_called(start: Start, tmp_path: Path) -> None:
    kernel = start()
    kernel.ask(f"import atexit, pathlib; atexit.register(pathlib.Path({str(tmp_path / 'mark')!r}).touch)")
    pid = kernel.pid
    kernel.client.shutdown()
    assert until(lambda: gone(pid))
    assert (tmp_path / "mark").exists()


CLIENT = """
import os, sys, time
from jupyter_client.manager import KernelManager
manager = KernelManager(kernel_name='python3')
manager.start_kernel()
if not os.fork(): time.sleep(600); os._exit(0)  # it holds a copy of everything the client has open
print(manager.provisioner.pid, type(manager.provisioner).__name__, flush=True)
time.sleep(600)
"""


def test_a_kernel_ends_with_its_client() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", CLIENT],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": NAME},
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        word, provisioner = process.stdout.readline().split()
        assert provisioner == "ForkedProvisioner"
        assert not gone(int(word))
        process.kill()
        process.wait()
        assert until(lambda: gone(int(word)))
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.stdout.close()


def test_a_cell_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    import nbformat
    from jupyter_client.provisioning import KernelProvisionerFactory
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError

    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("import time; time.sleep(600)")],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
    )
    monkeypatch.setattr(KernelProvisionerFactory.instance(), "default_provisioner_name", NAME)
    pids = []
    client = NotebookClient(
        notebook, timeout=1, on_cell_execute=lambda **_: pids.append(client.km.provisioner.process.pid)
    )
    with pytest.raises(CellTimeoutError):
        client.execute()
    assert until(lambda: gone(pids[0]))
