"""Who may ask a zygote, for what, and what happens where there can be none."""

from __future__ import annotations

import json
import logging
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from braid.kernels import messages
from braid.kernels.address import Unavailable, address_for, private_folder, start_environment
from braid.kernels.choice import DEFAULT, NAME, SWITCH, kernel_environment
from braid.kernels.messages import BadOrder, read_order
from braid.kernels.start import fork_kernel
from jupyter_client.connect import write_connection_file

from .conftest import Start, zygotes


def order(where: Path, **changes: Any) -> dict[str, Any]:
    file, _ = write_connection_file(str(where / "kernel.json"))
    return {"arguments": ["-f", file], "folder": str(where), "environment": {"HOME": "/"}, **changes}


def test_an_order_is_read_as_it_was_written(tmp_path: Path) -> None:
    message = order(tmp_path)
    assert read_order(json.loads(json.dumps(message))).payload() == message


@pytest.mark.parametrize(
    "changes",
    [
        {"arguments": ["-f", "kernel.json"]},
        {"arguments": ["-f", "/etc/no-such-file"]},
        {"arguments": ["-f", "/dev/null"]},
        {"arguments": ["-c", "print(1)"]},
        {"arguments": []},
        {"arguments": [1, 2]},
        {"arguments": "-f"},
        {"folder": "."},
        {"folder": "/no/such/folder"},
        {"environment": {"A": 1}},
        {"environment": {"A": "a\0b"}},
        {"environment": []},
        {"code": "print(1)"},
    ],
)
def test_anything_but_a_proper_order_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(BadOrder):
        read_order(order(tmp_path, **changes))


@pytest.mark.parametrize("option", ["--InteractiveShellApp.exec_lines=1", "--ext=a", "-c", "--IPKernelApp.log_level=a"])
def test_an_option_that_could_name_code_is_refused(tmp_path: Path, option: str) -> None:
    message = order(tmp_path)
    message["arguments"].append(option)
    with pytest.raises(BadOrder, match="option"):
        read_order(message)


def test_a_link_is_no_connection_file(tmp_path: Path) -> None:
    message = order(tmp_path)
    (tmp_path / "link").symlink_to(message["arguments"][1])
    with pytest.raises(BadOrder, match="connection file"):
        read_order({**message, "arguments": ["-f", str(tmp_path / "link")]})


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty runtime folder with a short name."""
    with tempfile.TemporaryDirectory(prefix="bk") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


def test_a_folder_for_sockets_that_others_can_enter_is_not_used(empty: Path, tmp_path: Path) -> None:
    folder = private_folder()
    assert folder.parent == empty
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o770)
    with pytest.raises(Unavailable, match="others"):
        private_folder()
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(Unavailable, match="others"):
        private_folder()
    folder.unlink()


def test_the_address_changes_with_all_that_a_forked_kernel_cannot_change(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = {"HOME": "/home/a"}
    base = address_for(sys.executable, home)
    assert address_for(sys.executable, {**home, "PATH": "/bin"}) == base
    assert address_for(sys.executable, {**home, "OPENBLAS_NUM_THREADS": "1"}) == base
    for name, value in {"PYTHONHASHSEED": "3", "MPLBACKEND": "agg", "TZ": "UTC", "HOME": "/b", "LC_ALL": "C"}.items():
        assert address_for(sys.executable, {**home, name: value}) != base
    assert address_for("/usr/bin/python3", home) != base
    before = os.umask(0o031)
    try:
        assert address_for(sys.executable, home) != base
    finally:
        os.umask(before)
    monkeypatch.setattr("braid.kernels.address.library_signature", lambda: "changed")
    assert address_for(sys.executable, home) != base


def test_an_environment_that_asks_for_threads_gets_an_ordinary_kernel() -> None:
    with pytest.raises(Unavailable, match="threads"):
        start_environment({"OPENBLAS_NUM_THREADS": "4"})
    with pytest.raises(Unavailable, match="PYTHONPATH"):
        start_environment({"PYTHONPATH": "/a:b"})


def test_forked_kernels_are_chosen_unless_switched_off_or_another_provisioner_is() -> None:
    assert kernel_environment({}) == {DEFAULT: NAME}
    assert kernel_environment({SWITCH: "0"}) == {}
    assert kernel_environment({DEFAULT: "other"}) == {}


def test_an_installation_without_the_entry_point_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("braid.kernels.choice.entry_points", lambda **_: ())
    assert kernel_environment({}) == {}


@pytest.mark.slow
def test_switched_off_the_kernel_is_an_ordinary_one(start: Start) -> None:
    assert not start(env={**os.environ, SWITCH: "0"}).forked


@pytest.mark.slow
def test_a_zygote_that_cannot_start_costs_one_line_in_the_log(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "pingouin.py").write_text("raise ImportError('broken')\n")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}".rstrip(":")}
    logging.getLogger("traitlets").setLevel(logging.INFO)
    with caplog.at_level(logging.INFO):
        for _ in range(2):
            caplog.clear()
            assert not start(env=environment).forked
            lines = [record.getMessage() for record in caplog.records if "ordinary kernel" in record.getMessage()]
            assert len(lines) == 1
            assert "broken" in lines[0]


@pytest.mark.slow
def test_nonsense_leaves_the_zygote_well(start: Start) -> None:
    kernel = start()
    zygote = int(kernel.ask("import os; print(os.getppid())"))
    path = address_for(sys.executable, os.environ).socket
    for nonsense in (b"", b"\0", b"\xff\xff\xff\xff", struct.pack("!I", 3) + b"???", struct.pack("!I", 2) + b"[]"):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(path))
            assert messages.peer(connection) == (zygote, os.getuid())
            connection.sendall(nonsense)
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(10)
            answer = messages.receive(connection)
            assert answer is None or set(answer) == {"refused"}
    assert int(start().ask("import os; print(os.getppid())")) == zygote


@pytest.mark.slow
def test_clients_that_start_at_once_share_one_zygote(runtime: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "TZ": "Asia/Almaty", "BRAID_WARM_KERNELS_IDLE": "3"}  # an address of its own
    before = set(zygotes(runtime))
    parents: list[str] = []

    def client(number: int) -> None:
        file, _ = write_connection_file(str(tmp_path / f"{number}.json"), ip=f"{runtime}/{number}", transport="ipc")
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", file, "--IPKernelApp.log_level=50"]
        process = fork_kernel(command, cwd=tmp_path, env=environment, streams=[0, 1, 2])
        parents.append(Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[1])
        process.kill()
        process.wait(10)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert len(parents) == 4
    assert len(set(parents)) == 1
    assert set(zygotes(runtime)) - before == {int(parents[0])}
    deadline = time.monotonic() + 20
    while set(zygotes(runtime)) - before and time.monotonic() < deadline:
        time.sleep(0.1)
    assert set(zygotes(runtime)) == before, "an unused zygote ends by itself"


@pytest.mark.slow
def test_nbval_uses_forked_kernels_in_a_project_and_nowhere_else(runtime: Path, tmp_path: Path) -> None:
    import nbformat

    source = "import os\nassert 'zygote' in open(f'/proc/{os.getppid()}/cmdline').read()"
    cells = [nbformat.v4.new_code_cell(source)]
    metadata = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), tmp_path / "notebook.ipynb")
    (tmp_path / "pytest.ini").touch()
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", "notebook.ipynb"]
    outside = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert outside.returncode == 1
    assert "AssertionError" in outside.stdout
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "study.yml").touch()
    inside = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert inside.returncode == 0, inside.stdout
