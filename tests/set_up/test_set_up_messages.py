"""What stands in the way is said in one line that ends with what to do, and gives no address away."""

import http.server
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

import pytest
import set_up

SCRIPT = Path(set_up.__file__)


def one_line(error: BaseException) -> str:
    text = str(error)
    assert "\n" not in text
    assert "What to do: " in text
    return text


# Words that pip 23, pip 25, uv 0.13 and venv print.
SAYINGS = {
    "no network": [
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(': Failed to establish a "
        "new connection: [Errno -3] Temporary failure in name resolution')': /simple/uv/\n"
        "ERROR: Could not find a version that satisfies the requirement uv==0.13.9 (from versions: none)\n"
        "ERROR: No matching distribution found for uv==0.13.9",
        "error: Request failed after 3 retries\n  cause: error sending request for url (<address>)\n"
        "  cause: tcp connect error\n  cause: Connection refused (os error 111)",
    ],
    "the disk is full": [
        "error: Failed to install: numpy\n  Caused by: failed to copy file\n  Caused by: No space left on device "
        "(os error 28)",
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    ],
    "not the one that requirements.lock names": [
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
        "error: Failed to download `uv==0.13.9`\n  Caused by: Hash mismatch for `uv==0.13.9`",
    ],
    "certificate": ["SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] ...'))"],
    "lacks a package": ["ERROR: No matching distribution found for uv==0.13.9"],
    "cannot be written to": ["Error: [Errno 13] Permission denied: '/srv/braid/.venv'"],
}


@pytest.mark.parametrize(("expected", "output"), [(key, text) for key, texts in SAYINGS.items() for text in texts])
def test_a_tools_words_become_a_cause_and_a_remedy(expected: str, output: str) -> None:
    assert expected in one_line(set_up.explain(output))


def test_an_unknown_failure_quotes_the_tools_last_words() -> None:
    assert "(Segmentation fault)" in one_line(set_up.explain("something\nSegmentation fault\n\n"))
    assert "(no message)" in one_line(set_up.explain(""))


def test_addresses_hosts_and_configured_folders_are_left_out() -> None:
    text = (
        "Looking in indexes: https://me:secret@mirror.example/simple, file:///opt/store\n"
        "Looking in links: /opt/wheels/x\nHTTPSConnectionPool(host='mirror.example', port=443)"
    )
    shown = set_up.without_addresses(text, ["/opt/wheels"])
    for hidden in ("secret", "mirror.example", "/opt"):
        assert hidden not in shown


def test_a_missing_venv_module_names_the_debian_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else real(name))
    with pytest.raises(set_up.SetUpError) as caught:
        set_up.make_environment(set_up.Tools(tmp_path))
    assert "apt install python3-venv" in one_line(caught.value)


def test_too_little_space_is_said_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(300_000_000))
    with pytest.raises(set_up.SetUpError) as caught:
        set_up.make_environment(set_up.Tools(tmp_path))
    assert "found: 0.3 GB, expected: 1.5 GB" in one_line(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_an_old_python_says_what_was_found_and_expected(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit) as caught:
        set_up.start_again_with_a_newer_python()
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "found: 3.9, expected: 3.11 or newer" in said


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_an_old_python_hands_over_to_the_newest_that_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, trial, run in (("python3.13", 1, 41), ("python3.12", 0, 42), ("python3.11", 0, 43)):
        (tmp_path / name).write_text(f'#!/bin/sh\n[ "$1" = -c ] && exit {trial}\nexit {run}\n', "utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["set_up.py"])
    with pytest.raises(SystemExit) as caught:
        set_up.start_again_with_a_newer_python()
    assert caught.value.code == 42


def test_an_unknown_option_ends_with_2_and_one_line() -> None:
    done = subprocess.run([sys.executable, str(SCRIPT), "--help-me"], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("braid: unknown option --help-me. What to do: ")
    assert done.stderr.count("\n") == 1


def test_a_site_that_does_not_answer_holds_set_up_no_longer_than_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def slow_name_look_up(*args: object, **options: object) -> None:
        time.sleep(3)

    monkeypatch.setenv("no_proxy", "*")
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the call and says nothing
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        started = time.monotonic()
        assert not set_up.answers(address, 0.2)
        monkeypatch.setattr(socket, "getaddrinfo", slow_name_look_up)
        assert not set_up.answers(address, 0.2)
        assert time.monotonic() - started < 2


def test_a_site_that_answers_is_told_from_one_that_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    class Page(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200 if self.path == "/here" else 403)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    monkeypatch.setenv("no_proxy", "*")
    with http.server.HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        assert set_up.answers(f"{address}/here", 5)
        assert not set_up.answers(f"{address}/blocked", 5)
        server.shutdown()


def test_an_unreachable_quarto_is_one_line_and_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(set_up, "answers", lambda address, seconds: False)
    set_up.install_quarto(set_up.Tools(tmp_path))
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "rendered with pandoc and typst instead" in said


def test_a_failing_quarto_package_is_one_line_and_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise set_up.ToolError("the download broke off")

    tools = set_up.Tools(tmp_path)
    tools.venv.mkdir()
    (tmp_path / "requirements-quarto.lock").write_text("quarto-cli==1 \\\n    --hash=sha256:aa\n", encoding="utf-8")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(set_up, "answers", lambda address, seconds: True)
    monkeypatch.setattr(tools, "learn_pips_settings", lambda: None)
    monkeypatch.setattr(tools, "install", fail)
    set_up.install_quarto(tools)
    assert "its download failed; reports are rendered with" in capsys.readouterr().err


def test_an_installed_quarto_makes_the_step_unnecessary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/somewhere/{name}")
    monkeypatch.setattr(set_up, "answers", lambda address, seconds: pytest.fail("asked all the same"))
    set_up.install_quarto(set_up.Tools(tmp_path))
    assert capsys.readouterr().err == ""
