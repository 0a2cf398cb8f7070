"""The zygote dies, is replaced, ends when nobody needs it, and is none the larger for the kernels it has forked."""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from braid.kernels import end_zygotes, messages, start, warm_up
from braid.kernels.address import address_for

from .conftest import Start, forked, gone, parent, until, zygotes


def end(process: start.ForkedProcess) -> None:
    process.kill()
    assert process.wait() == -signal.SIGKILL


def test_a_kernel_outlives_its_zygote_and_the_next_one_has_another(alone: Path, start: Start) -> None:
    kernel = start()
    kernel.ask("kept = 1")
    killed = kernel.parent
    os.kill(killed, signal.SIGKILL)
    assert until(lambda: gone(killed))
    kernel.ask("import time; time.sleep(1.5)")  # ipykernel's own watch of the parent looks every second
    assert kernel.ask("print(kept)") == "1"
    following = start()
    assert following.forked
    assert following.parent != killed
    kernel.client.execute("import os; os._exit(3)")
    assert until(lambda: not kernel.manager.is_alive())


def test_a_zygote_that_dies_while_it_is_asked_is_replaced(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    end(forked(alone))
    (killed,) = zygotes(alone)
    os.kill(killed, signal.SIGSTOP)  # it will not answer this client any more
    send = messages.send

    def send_and_kill(connection: socket.socket, message: dict[str, Any], streams: Any = ()) -> None:
        send(connection, message, streams)
        if not gone(killed):
            os.kill(killed, signal.SIGKILL)
            assert until(lambda: gone(killed))

    monkeypatch.setattr(messages, "send", send_and_kill)
    process = forked(alone, 1)
    assert parent(process.pid) not in (0, killed)
    end(process)


def test_kernels_of_one_zygote_are_forked_side_by_side_and_leave_nothing_in_it(alone: Path) -> None:
    first = forked(alone)
    zygote = parent(first.pid)

    def private() -> int:
        rollup = Path(f"/proc/{zygote}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in rollup if line.startswith("Private_"))

    def files() -> int:
        return len(list(Path(f"/proc/{zygote}/fd").iterdir()))

    def one(number: int) -> int:
        process = forked(alone, number)
        found = parent(process.pid)
        end(process)
        return found

    opened = files()  # with the first kernel's connection
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(one, range(1, 9))) == {zygote}
        size = private()
        assert set(pool.map(one, range(9, 25))) == {zygote}
    assert until(lambda: files() == opened)
    assert private() - size < 2048  # kB, of some 40,000
    children = Path(f"/proc/{zygote}/task/{zygote}/children").read_text().split()
    assert children == [str(first.pid)], "none is left, not even as a zombie"
    end(first)


def test_clients_that_come_at_once_share_one_zygote(alone: Path) -> None:
    def client(number: int) -> int:
        process = forked(alone, number)
        found = parent(process.pid)
        end(process)
        return found

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(client, range(4))) == set(zygotes(alone))
    assert len(zygotes(alone)) == 1


def test_an_unused_zygote_ends_and_takes_its_files_with_it(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRAID_WARM_KERNELS_IDLE", "0.3")
    end(forked(alone))
    assert until(lambda: not zygotes(alone))
    assert {path.name for path in (alone / "braid-kernels").iterdir()} == {"lock"}


def test_a_zygote_does_not_end_while_a_kernel_runs(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRAID_WARM_KERNELS_IDLE", "0.3")
    process = forked(alone)
    assert not until(lambda: gone(parent(process.pid)) or not zygotes(alone), seconds=1)
    end(process)
    assert until(lambda: not zygotes(alone))


def test_a_zygote_with_an_older_library_ends(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "library_signature", lambda: "what it was a while ago")
    end(forked(alone))
    assert until(lambda: not zygotes(alone))


def test_a_zygote_whose_folder_is_gone_ends(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = forked(alone)
    address_for(sys.executable, os.environ).socket.unlink()
    end(process)
    assert until(lambda: not zygotes(alone))


def test_a_zygote_is_started_beforehand_and_ended_on_demand(alone: Path) -> None:
    warm_up(os.environ)
    (zygote,) = zygotes(alone)
    process = forked(alone)
    assert parent(process.pid) == zygote
    end_zygotes()
    other = forked(alone, 1)
    assert parent(other.pid) not in (0, zygote)
    assert process.poll() is None, "a kernel that runs goes on"
    assert not gone(zygote)
    end(process)
    assert until(lambda: gone(zygote))
    end(other)


def test_a_zygote_that_is_not_ready_yet_can_be_ended(alone: Path) -> None:
    warm_up(os.environ)
    assert len(zygotes(alone)) == 1
    end_zygotes()
    assert until(lambda: not zygotes(alone))


def test_nothing_of_a_client_is_held_open_by_a_zygote(alone: Path) -> None:
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    os.set_inheritable(reading, True)
    process = forked(alone)
    held = [path.readlink() for path in Path(f"/proc/{parent(process.pid)}/fd").iterdir()]
    assert Path(f"/proc/self/fd/{writing}").readlink() not in held
    ends = {Path(f"/proc/self/fd/{number}").readlink() for number in (0, 1, 2)}
    assert not (ends - {Path("/dev/null")}) & set(held)
    end(process)
    os.close(reading)
    os.close(writing)


def test_nonsense_leaves_the_zygote_well(alone: Path) -> None:
    end(forked(alone))
    (zygote,) = zygotes(alone)
    path = address_for(sys.executable, os.environ).socket
    for nonsense in (b"", b"\0", b"\xff\xff\xff\xff", struct.pack("!I", 3) + b"???", struct.pack("!I", 2) + b"[]"):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(path))
            assert messages.peer(connection) == (zygote, os.getuid())
            connection.sendall(nonsense)
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(60)
            answer = messages.receive(connection)
            assert set(answer) <= {"refused", "ended"}
    process = forked(alone, 1)
    assert parent(process.pid) == zygote
    end(process)
