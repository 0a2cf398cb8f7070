"""What a cell can see of its process is what it sees in an ordinary kernel."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from .conftest import LONG, NAME, Start

LOOK = """
import asyncio, atexit, builtins, json, locale, logging, os, random, signal, sys, tempfile, threading, time, warnings
import resource
{imports}
def plain(text): return str(text).replace(sys.argv[2], "FILE")
seen = dict(
    argv=sys.argv[:2] + sys.argv[3:], orig_argv=[plain(a) for a in sys.orig_argv], path=sys.path, flags=str(sys.flags),
    executable=sys.executable, prefix=sys.prefix, cwd=os.getcwd(), warnoptions=sys.warnoptions,
    environment={{k: v for k, v in os.environ.items() if k not in ("JPY_PARENT_PID", "JPY_SESSION_NAME")}},
    umask=os.umask(os.umask(0)), limits=resource.getrlimit(resource.RLIMIT_NOFILE), temp=tempfile.gettempdir(),
    signals={{s.name: str(signal.getsignal(s)).split(" at ")[0] for s in signal.valid_signals() if hasattr(s, "name")}},
    blocked=sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])), time=time.tzname,
    locale=[locale.getlocale(), locale.getpreferredencoding(), sys.getfilesystemencoding()],
    streams=[type(s).__name__ for s in (sys.stdout, sys.stderr)],
    system=[[s.encoding, s.errors, s.line_buffering] for s in (sys.__stdout__, sys.__stderr__)],
    threads=sorted(t.name.split(" ")[0] for t in threading.enumerate() if "Thread-" not in t.name),
    thread_count=threading.active_count(), main=sys.modules["__main__"].__dict__.get("__file__"),
    builtins=sorted(n for n in dir(builtins)), loop=type(asyncio.get_running_loop()).__name__,
    handlers=[type(h).__name__ for h in logging.root.handlers], level=logging.root.level,
    loggers=sorted(n for n, l in logging.root.manager.loggerDict.items() if getattr(l, "handlers", None)),
    session=os.getsid(0) == os.getpid(), group=os.getpgid(0) == os.getpid(), hash=hash("braid"),
    events={{k: [f.__qualname__ for f in v] for k, v in get_ipython().events.callbacks.items()}},
    shell=type(get_ipython()).__name__, magics=sorted(get_ipython().magics_manager.magics["line"]),
    display=sorted(map(str, get_ipython().display_formatter.formatters)),
    files=sorted(os.readlink(f"/proc/self/fd/{{d}}").split(":")[0] for d in ("0", "1", "2")),
)
{more}
print(json.dumps(seen, default=str, sort_keys=True))
"""
AFTER_IMPORT = """
seen.update(
    columns=pandas.options.display.max_columns, width=pandas.options.display.width, rc=dict(matplotlib.rcParams),
    interactive=matplotlib.is_interactive(), backend=matplotlib.get_backend(),
    filters=[[f[0], getattr(f[1], "pattern", f[1]), f[2].__name__, getattr(f[3], "pattern", f[3]), f[4]]
             for f in warnings.filters],
    styles=matplotlib.style.available, fonts=len(matplotlib.font_manager.fontManager.ttflist),
    context=seaborn.plotting_context(), error=numpy.geterr(), options=numpy.get_printoptions(),
)
"""
IMPORTS = "import braid.stages.participants, pandas, matplotlib, matplotlib.style, seaborn, pingouin, numpy"


def seen_in(start: Start, provisioner: str, folder: Path, *, imports: str = "", more: str = "") -> dict[str, Any]:
    kernel = start(provisioner, cwd=str(folder), env={**os.environ, "MARK": "here"})
    assert kernel.forked == (provisioner == NAME)
    if imports:
        kernel.ask(imports)  # hooks that an import registers take effect after its cell
    answer = kernel.ask(LOOK.format(imports=imports, more=more))
    seen: dict[str, Any] = json.loads(answer)
    return seen


@pytest.mark.parametrize("imported", [False, True], ids=["at the start", "after the imports"])
def test_a_forked_kernel_looks_like_an_ordinary_one(start: Start, tmp_path: Path, imported: bool) -> None:
    extra = {"imports": IMPORTS, "more": AFTER_IMPORT} if imported else {}
    forked = seen_in(start, NAME, tmp_path, **extra)
    ordinary = seen_in(start, "local-provisioner", tmp_path, **extra)
    if not imported:  # libraries have made theirs already
        assert set(forked.pop("loggers")) >= set(ordinary.pop("loggers"))
    differing = [name for name in ordinary if forked[name] != ordinary[name] and name != "environment"]
    assert {name: forked[name] for name in differing} == {name: ordinary[name] for name in differing}
    assert set(forked["environment"].items()) ^ set(ordinary["environment"].items()) == set()
    assert forked["environment"]["MARK"] == "here"
    assert forked["cwd"] == str(tmp_path)


def test_a_kernel_has_the_time_zone_of_its_client(alone: Path, start: Start) -> None:
    ask = "import time; print(time.tzname)"
    zones = [start(env={**os.environ, "TZ": zone}).ask(ask) for zone in ("<AAA>-5", "<BBB>3")]
    assert zones == ["('AAA', 'AAA')", "('BBB', 'BBB')"]


def test_two_kernels_share_nothing(start: Start, tmp_path: Path) -> None:
    one = start(cwd=str(tmp_path), env={**os.environ, "MARK": "one"})
    two = start(cwd="/", env={**os.environ, "MARK": "two"})
    change = "import os, sys, pandas, random, numpy\n"
    one.ask(
        change + "x = 1; os.chdir('/usr'); os.environ['MARK'] = 'changed'; pandas.options.display.max_rows = 3\n"
        "pandas.mine = 1; sys.modules['mine'] = pandas; sys.path.append('/mine'); random.seed(1); numpy.random.seed(1)"
    )
    look = change + "print('x' in globals(), os.getcwd(), os.environ['MARK'], pandas.options.display.max_rows, "
    look += "hasattr(pandas, 'mine'), 'mine' in sys.modules, '/mine' in sys.path)"
    assert two.ask(look) == "False / two 60 False False False"
    three = start(cwd="/", env={**os.environ, "MARK": "three"})
    assert three.ask(look) == "False / three 60 False False False"


SEARCH = """
import re
from pathlib import Path
pattern = re.compile(rb"the words of one coh[o]rt")  # which does not match itself
found = read = 0
with open("/proc/self/mem", "rb", buffering=0) as memory:
    for line in Path("/proc/self/maps").read_text().splitlines():
        ends, rights, *_ = line.split()
        if rights.startswith("rw"):
            begin, end = (int(number, 16) for number in ends.split("-"))
            memory.seek(begin)
            content = memory.read(end - begin)
            read += len(content)
            found += bool(pattern.search(content))
print(read > 10_000_000, found > 0)
"""


def test_what_one_kernel_was_given_is_not_in_the_memory_of_the_next(alone: Path, start: Start) -> None:
    given = start(env={**os.environ, "ONE": "the words of one cohort"})
    given.ask("kept = 'the words of one ' + 'cohort'")
    assert given.ask(SEARCH) == "True True"
    assert start().ask(SEARCH) == "True False"


def test_every_kernel_draws_other_random_numbers(start: Start) -> None:
    draw = "import random, numpy, uuid, tempfile; from scipy import stats\n"
    draw += "print(random.random(), numpy.random.random(), numpy.random.default_rng().random(), stats.norm.rvs(), "
    draw += "uuid.uuid4(), next(tempfile._get_candidate_names()))"
    first, second = start().ask(draw).split(), start().ask(draw).split()
    assert len(first) == 6
    assert not set(first) & set(second)


def open_in(pid: int) -> set[str]:
    return {str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()}


def sockets_of_this_machine(names: set[str]) -> set[str]:
    """Those that are no connection over the network, whose number changes while clients connect."""
    inodes = {line.split()[6] for line in Path("/proc/net/unix").read_text().splitlines()[1:]}
    return {name for name in names if name.removeprefix("socket:[").removesuffix("]") in inodes}


def test_a_kernel_holds_nothing_of_its_zygote_open_but_the_connection(start: Start) -> None:
    other, kernel, plain = start(), start(), start("local-provisioner")
    forked, ordinary = open_in(kernel.pid), open_in(plain.pid)
    assert len(sockets_of_this_machine(forked)) == 1 + len(sockets_of_this_machine(ordinary)) > 1
    assert not [name for name in forked if name.startswith(os.environ["XDG_RUNTIME_DIR"])]
    own = {name for name in forked if name.startswith("socket")}
    assert not own & open_in(other.pid)
    connection = own & open_in(kernel.parent)  # both ends of a fork hold what was accepted
    assert len(connection) == 1


def test_figures_are_shown_after_the_cell(start: Start) -> None:
    draw = "from matplotlib import pyplot as plt\n_ = plt.plot([1, 2])"
    assert start().ask(draw).splitlines() == start("local-provisioner").ask(draw).splitlines() != []


def test_output_of_subprocesses_and_of_c_code_reaches_the_cell(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # ipykernel leaves such output alone where it sees this
    client = start().client
    client.execute("import os, subprocess; os.write(1, b'low '); print(subprocess.run(['echo', 'sub']).returncode)")
    told = ""
    while not all(part in told for part in ("low", "sub", "0")):  # read from a pipe, so maybe after the cell has ended
        told += client.get_iopub_msg(timeout=LONG)["content"].get("text", "")


def test_a_module_in_the_working_folder_hides_the_one_imported_already(start: Start, tmp_path: Path) -> None:
    (tmp_path / "seaborn.py").write_text("mine = True\n")
    kernel = start(cwd=str(tmp_path))
    assert not kernel.forked
    assert kernel.ask("import seaborn; print(seaborn.mine)") == "True"


def test_settings_of_matplotlib_in_the_working_folder_count(start: Start, tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 7\n")
    assert start(cwd=str(tmp_path)).ask("import matplotlib; print(matplotlib.rcParams['lines.linewidth'])") == "7.0"
