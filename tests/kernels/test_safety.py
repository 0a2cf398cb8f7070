"""Who may ask a zygote, for what, and what happens where there can be none."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from braid.kernels import pytest_plugin
from braid.kernels.address import Unavailable, address_for, private_folder, start_environment
from braid.kernels.choice import DEFAULT, NAME, SWITCH, kernel_environment
from braid.kernels.messages import BadOrder, read_order
from braid.pipeline import worker_processes
from braid.pipeline.execute import execute
from jupyter_client.connect import write_connection_file
from jupyter_client.provisioning import KernelProvisionerFactory

from ..pipeline.small_project import write_notebook
from .conftest import Start


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
    assert kernel_environment({SWITCH: "1"}) == {DEFAULT: NAME}
    assert kernel_environment({SWITCH: "0"}) == {}
    assert kernel_environment({SWITCH: " Off "}) == {}
    assert kernel_environment({DEFAULT: "other"}) == {}


def test_where_the_system_cannot_fork_safely_nothing_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert kernel_environment({}) == {}


def test_an_installation_without_the_entry_point_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("braid.kernels.choice.GROUP", "no.such.group")
    assert kernel_environment({}) == {}


def test_switched_off_the_kernel_is_an_ordinary_one(start: Start) -> None:
    assert not start(env={**os.environ, SWITCH: "0"}).forked


def reasons(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "braid.kernels"]


def test_a_zygote_that_cannot_start_costs_one_line_in_the_log(
    alone: Path, start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sqlite3.py").write_text("raise ImportError('broken')\n")  # an ordinary kernel can do without
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}".rstrip(":")}
    for _ in range(2):
        caplog.clear()
        assert not start(env=environment).forked
        (line,) = reasons(caplog)
        assert "broken" in line
    assert capfd.readouterr() == ("", "")


def test_a_runtime_folder_that_cannot_be_made_costs_one_line_in_the_log(
    alone: Path, start: Start, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    (alone / "braid-kernels").touch()
    assert not start().forked
    (line,) = reasons(caplog)
    assert "no folder for sockets" in line
    assert capfd.readouterr() == ("", "")


def test_whatever_else_goes_wrong_costs_one_line_in_the_log(
    alone: Path, start: Start, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("of our own making")

    monkeypatch.setattr("braid.kernels.start.address_for", fails)
    assert not start().forked
    (line,) = reasons(caplog)
    assert "of our own making" in line


def test_a_zygote_that_does_not_answer_is_left_alone_for_a_while(
    alone: Path, start: Start, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    zygote = start().parent
    os.kill(zygote, signal.SIGSTOP)
    try:
        monkeypatch.setattr("braid.kernels.start._PATIENCE", 0.5)
        assert not start().forked
        monkeypatch.setattr("braid.kernels.start._PATIENCE", 600.0)
        assert not start().forked
    finally:
        os.kill(zygote, signal.SIGCONT)
    assert [("not answer" in line, "no kernel within" in line) for line in reasons(caplog)] == [
        (True, False),
        (False, True),
    ]


def test_a_run_notes_in_its_journal_why_a_kernel_is_an_ordinary_one(alone: Path, tmp_path: Path) -> None:
    (alone / "braid-kernels").touch()
    KernelProvisionerFactory.clear_instance()  # it keeps the name that was in the environment when it was made
    write_notebook(tmp_path / "n.ipynb", "print(cohort)")
    journal = tmp_path / "made" / "run.log"
    with worker_processes(1) as pool:
        assert (
            pool.submit(execute, tmp_path / "n.ipynb", journal.parent / "notebooks" / "n.ipynb", "c").result() is None
        )
    (line,) = journal.read_text(encoding="utf-8").splitlines()
    assert "ordinary kernel instead of a forked one: there is no folder for sockets" in line


def test_nbval_uses_forked_kernels_in_a_project(tmp_path: Path) -> None:
    write_notebook(tmp_path / "n.ipynb", "import os\nassert 'zygote' in open(f'/proc/{os.getppid()}/cmdline').read()")
    (tmp_path / "pytest.ini").touch()
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "study.yml").touch()
    (ours,) = entry_points(group="pytest11", name="braid-kernels")
    plugins = ["-p", "nbval.plugin", "-p", ours.value, "-p", "no:cacheprovider"]  # no others, which take long to load
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", *plugins, "n.ipynb"]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_elsewhere_and_for_other_tests_nothing_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def configured(**options: bool) -> bool:
        monkeypatch.delenv(DEFAULT, raising=False)
        config = SimpleNamespace(getoption=lambda name, default: options.get(name, default), rootpath=tmp_path)
        pytest_plugin.pytest_configure(config)  # type: ignore[arg-type]
        return DEFAULT in os.environ

    assert not configured(nbval=True)
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "study.yml").touch()
    assert configured(nbval=True)
    assert configured(nbval_lax=True)
    assert not configured()
