"""A call that is made in a process forked from a warm one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from braid.kernels import LOG, errands_are_taken, warm_up
from braid.kernels.address import Unavailable
from braid.kernels.choice import SWITCH
from braid.kernels.errands import Errands
from braid.pipeline.workers import notebook_workers

from .conftest import LONG, Start, gone, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="errands are forked, which Linux can")


@pytest.fixture
def errands(alone: Path) -> Iterator[Errands]:
    warm_up(os.environ, errands=True)
    made = Errands(os.environ)
    yield made
    made.end()


# What is called must be known to a process that knows nothing of these tests: `eval` is, and takes a text.
LOOK = "('ä', __import__('os').getpid(), 'papermill' in __import__('sys').modules, __import__('os').getcwd())"
WAIT = "(open({told!r}, 'w').write(str(__import__('os').getpid())), __import__('time').sleep(600))"


def test_an_errand_is_done_elsewhere_and_finds_papermill_imported(errands: Errands) -> None:
    word, process, has_papermill, folder = errands.call(eval, LOOK)
    assert (word, has_papermill, folder) == ("ä", True, str(Path.cwd()))
    assert process != os.getpid()
    assert until(lambda: gone(process))


def test_an_errand_has_the_environment_that_it_was_given(errands: Errands, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Errands({**os.environ, "MARK": "here"})
    assert told.call(os.getenv, "MARK") == "here"
    assert errands.call(os.getenv, "MARK") is None


def test_what_an_errand_raises_is_raised_here(errands: Errands) -> None:
    with pytest.raises(ZeroDivisionError):
        errands.call(eval, "1 / 0")


def test_what_an_errand_prints_is_there_before_its_end(errands: Errands, capfd: pytest.CaptureFixture[str]) -> None:
    errands.call(eval, "print('said')")
    assert capfd.readouterr().out == "said\n"


def test_an_errand_whose_process_is_killed_says_so(errands: Errands, tmp_path: Path) -> None:
    told = tmp_path / "process"

    def kill() -> None:
        until(lambda: told.is_file() and told.read_text())
        os.kill(int(told.read_text()), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(BrokenProcessPool, match="-9"):
        errands.call(eval, WAIT.format(told=str(told)))
    killer.join()


# A process that was started in the background ignores interrupts.
CLIENT = """
import os, signal
from braid.kernels.errands import Errands
signal.signal(signal.SIGINT, signal.default_int_handler)
Errands(os.environ).call(eval, {call!r})
"""


def test_an_interrupt_reaches_the_process_of_an_errand(errands: Errands, tmp_path: Path) -> None:
    told = tmp_path / "process"
    client = CLIENT.format(call=WAIT.format(told=str(told)))
    with subprocess.Popen([sys.executable, "-c", client], stderr=subprocess.PIPE, text=True) as running:
        try:
            assert until(lambda: told.is_file() and told.read_text())
            running.send_signal(signal.SIGINT)
            _, said = running.communicate(timeout=LONG)
        finally:
            running.kill()
    assert said.splitlines()[-1] == "KeyboardInterrupt"
    assert until(lambda: gone(int(told.read_text())))


def test_ending_the_errands_ends_their_processes(errands: Errands, tmp_path: Path) -> None:
    told = tmp_path / "process"

    def end() -> None:
        until(lambda: told.is_file() and told.read_text())
        errands.end()

    ender = threading.Thread(target=end)
    ender.start()
    with pytest.raises(BrokenProcessPool):
        errands.call(eval, WAIT.format(told=str(told)))
    ender.join()
    assert until(lambda: gone(int(told.read_text())))


def test_a_process_for_errands_is_no_process_for_kernels(errands: Errands, start: Start) -> None:
    assert errands.call(os.getppid) == errands.call(os.getppid) != start().parent
    assert errands_are_taken(os.environ)
    assert not errands_are_taken({**os.environ, "PYTHONHASHSEED": "7"})


def test_where_forking_is_switched_off_no_errand_is_taken(errands: Errands) -> None:
    assert not errands_are_taken({**os.environ, SWITCH: "0"})


def test_a_call_is_made_in_a_new_process_where_it_cannot_be_forked(
    errands: Errands, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unavailable(self: Errands, *call: object) -> None:
        raise Unavailable("it has just ended")

    monkeypatch.setattr(Errands, "call", unavailable)
    monkeypatch.setattr("braid.pipeline.workers.errands_are_taken", lambda environment: True)
    with caplog.at_level("INFO", logger=LOG.name), notebook_workers(2) as workers:
        assert workers().submit(os.getpid).result() != os.getpid()
    assert "it has just ended" in caplog.text
