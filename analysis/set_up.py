"""Set braid up: a virtual environment in .venv with the packages of requirements.lock, and braid itself.

    python analysis/set_up.py              set up; does nothing when all is in place
    python analysis/set_up.py --quarto     try once more to install Quarto
    python analysis/set_up.py --cluster    install Snakemake too, for runs on several machines
    python analysis/set_up.py --lock       write the lock files from pyproject.toml, keeping versions that fit
    python analysis/set_up.py --upgrade    the same with the newest versions

It needs Python 3.11 or newer with its venv module, and nothing outside the standard library. pip brings uv,
uv brings the rest, all of it checked against the hashes of requirements.lock. uv does not read pip's
configuration, so the index, the certificate and so on that pip uses are handed on to it. If uv fails, pip does
its work, only slower. The mark `.venv/ready` is written last: without it the next call starts afresh.

Exit code 2: something on this machine stands in the way, and one line says what to do. 130: interrupted.
"""

import ast
import contextlib
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path


def start_again_with_a_newer_python() -> None:
    """Hand over to a newer Python of this machine, or say in one line that there is none.

    Called before anything else, in a file that Python 3.6 can still read: no newer syntax here.
    """
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        # A version manager's stand-in is found for every version, and fails for those not switched on.
        if shutil.which(name) and subprocess.call([name, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            sys.exit(subprocess.call([name] + sys.argv))  # noqa: RUF005
    print(
        "braid: this Python is too old (found: {}.{}, expected: 3.11 or newer). What to do: install a newer "
        "one, or name it: make PYTHON=/path/to/python3.11 report".format(*sys.version_info[:2]),
        file=sys.stderr,
    )
    sys.exit(2)


if sys.version_info < (3, 11):  # noqa: UP036
    start_again_with_a_newer_python()

from collections.abc import Iterator, Mapping, Sequence  # noqa: E402
from typing import NamedTuple  # noqa: E402

KEYED_FILES = (
    "requirements.lock",
    "requirements-quarto.lock",
    "requirements-cluster.lock",
    "pyproject.toml",
    "analysis/set_up.py",
)
NEEDED_SPACE = 1_500_000_000  # bytes; .venv takes 1.2 GB, the rest is room for unpacking
QUARTO_SOURCE = "https://github.com/quarto-dev/quarto-cli/releases"  # whence its package takes the program
QUARTO_ANSWER = 5.0  # seconds
QUARTO_INSTALL = 900.0  # seconds
WITHOUT_QUARTO = "reports are rendered with pandoc and typst instead"
# Settings that would send the packages elsewhere than into .venv.
UNWANTED = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "UV_SYSTEM_PYTHON")


class SetUpError(Exception):
    """Something stands in the way that a person can mend; its text is one line."""


class ToolError(Exception):
    """pip, uv or venv ended with an error; its text is what they printed, without addresses."""


DISK_FULL = r"no space left|errno 28|os error 28|disk quota exceeded|not enough space on the disk|os error 112"
# What a tool's words mean, and what a person can do; the first match counts.
CAUSES = {
    DISK_FULL: "the disk is full. What to do: free 1.5 GB where this folder and your home are",
    r"do not match the hashes|hash mismatch|hashes are required": "a downloaded package is not the one that "
    "requirements.lock names. What to do: if it stays so, ask who keeps your package index",
    r"certificate_verify_failed|invalid peer certificate|unknownissuer|self-signed certificate": "the certificate "
    "of the package index is not trusted. What to do: tell pip your own (pip config set global.cert FILE)",
    r"name resolution|name or service not known|nodename nor servname|getaddrinfo|dns error|newconnectionerror"
    r"|failed to establish|network is unreachable|no route to host|timed? ?out|connection (refused|reset|aborted)"
    r"|tcp connect error|error sending request|connect to proxy": "no network: the package index does not "
    "answer. What to do: connect, or tell pip your index or proxy (pip config set ...)",
    r"no matching distribution|not found in the package registry|no version of|no solution found": "the package "
    "index lacks a package of requirements.lock for this machine. What to do: use an index that has it, or "
    "another Python (3.11 to 3.14, 64 bit)",
    r"permission denied|access is denied|read-only file system": "this folder cannot be written to, or a "
    "program is using .venv. What to do: close such programs, or move the folder to where you may write",
}


def explain(output: str) -> SetUpError:
    """The one line for a tool's failure; the tool's own last words where the cause is not known."""
    known = (meaning for words, meaning in CAUSES.items() if re.search(words, output, re.IGNORECASE))
    last = next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "no message")
    meaning = next(known, f"set-up failed ({last[:200]}). What to do: see whether it stays so")
    return SetUpError(f"{meaning}; then run the same command again.")


def without_addresses(text: str, private: Sequence[str] = ()) -> str:
    """text without the addresses, hosts and folders that give a machine's package index away."""
    for value in sorted(private, key=len, reverse=True):
        text = text.replace(value, "<address>")
    text = re.sub(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"`)>,]+", "<address>", text)
    return re.sub(r"host='[^']*'", "host='<address>'", text)


def block(lock: str, package: str) -> str:
    """The lines of one package in a lock file: its pinned version and its hashes."""
    lines = lock.splitlines()
    for first, line in enumerate(lines):
        if line.startswith(f"{package}=="):
            rest = (n for n in range(first + 1, len(lines)) if not lines[n].startswith("    --hash="))
            return "\n".join(lines[first : next(rest, len(lines))]).rstrip("\\ ") + "\n"
    raise SetUpError(f"the lock file does not name {package}. What to do: take it back from git.")


class Mark(NamedTuple):
    """What a finished set-up was made of; equal marks mean that there is nothing to do.

    folder is part of it because a copied .venv still runs the code of the folder it was made in.
    """

    folder: str
    python: str
    content: str


def mark_for(root: Path, version: tuple[int, int]) -> Mark:
    """The mark that a set-up of root with this Python leaves; SetUpError if a file it takes is missing."""
    digest = hashlib.sha256()
    for name in KEYED_FILES:
        if not (root / name).is_file():
            raise SetUpError(f"{name} is missing. What to do: take it back from git.")
        data = (root / name).read_bytes()
        digest.update(f"{name} {len(data)}\n".encode() + data)
    return Mark(str(root), f"{version[0]}.{version[1]}", digest.hexdigest())


def read_mark(path: Path) -> Mark | None:
    """The mark in path, or None if there is none or it is damaged."""
    with contextlib.suppress(OSError, ValueError, TypeError):  # absent, not text, not three lines
        return Mark(*path.read_text(encoding="utf-8").splitlines())
    return None


def pip_settings(listing: str) -> dict[str, str]:
    """The settings in the output of `pip config list` that count for an install, by their bare names.

    As in pip, [install] beats [global] and the environment beats both.
    """
    ranks = {"global": 0, "install": 1, ":env:": 2}
    found: dict[str, tuple[int, str]] = {}
    for line in listing.splitlines():
        match = re.fullmatch(r"(global|install|:env:)\.([\w-]+)=(.*)", line.strip())
        if match:
            rank, name = ranks[match[1]], match[2].replace("_", "-")
            with contextlib.suppress(ValueError, SyntaxError):
                found[name] = max(found.get(name, (0, "")), (rank, str(ast.literal_eval(match[3]))))
    return {name: value for name, (_, value) in found.items()}


def uv_environment(settings: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """environment with pip's settings under uv's names; what is already set for uv stays.

    They go through the environment because arguments are visible to everybody on the machine.
    """
    result = dict(environment)

    def give(name: str, value: str, *also: str) -> None:
        if value and not {name, *also} & set(environment):
            result[name] = value

    def several(name: str, between: str) -> str:
        return between.join(settings.get(name, "").split())

    give("UV_DEFAULT_INDEX", settings.get("index-url", ""), "UV_INDEX_URL")
    give("UV_INDEX", several("extra-index-url", " "), "UV_EXTRA_INDEX_URL")
    give("UV_FIND_LINKS", several("find-links", ","))
    give("UV_INSECURE_HOST", several("trusted-host", " "))
    give("UV_KEYRING_PROVIDER", "subprocess" if settings.get("keyring-provider") == "subprocess" else "")
    give("UV_HTTP_TIMEOUT", settings.get("timeout", settings.get("default-timeout", "")))
    give("SSL_CERT_FILE", settings.get("cert", ""))
    give("SSL_CLIENT_CERT", settings.get("client-cert", ""))
    for name in ("HTTPS_PROXY", "HTTP_PROXY"):
        give(name, settings.get("proxy", ""), name.lower(), "ALL_PROXY", "all_proxy")
    # pip takes the best version of all indexes; the hashes make that as safe as taking the first.
    give("UV_INDEX_STRATEGY", "unsafe-best-match")
    return result


def say(text: str) -> None:
    """One line to whoever waits."""
    print(f"braid: {text}", file=sys.stderr, flush=True)


class Tools:
    """The tools inside one virtual environment, and the environment variables they are run with."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        folder, suffix = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
        self.python = self.venv / folder / f"python{suffix}"
        self.uv = self.venv / folder / f"uv{suffix}"
        self.snakemake = self.venv / folder / f"snakemake{suffix}"
        self.environment = {name: value for name, value in os.environ.items() if name not in UNWANTED}
        self.private: list[str] = []  # addresses that no output may show
        self.no_index: tuple[str, ...] = ()  # of the options of pip the one that has no variable in uv

    def run(self, *command: str | Path, within: float | None = None, given: str | None = None) -> str:
        """What a command in the root folder prints, given an input; ToolError if it fails, or not within seconds."""
        started = time.monotonic()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        output = None
        try:
            while output is None:
                try:
                    output, _ = process.communicate(given, timeout=20)
                except subprocess.TimeoutExpired:
                    passed = time.monotonic() - started
                    if within is not None and passed > within:
                        raise ToolError(f"gave up after {passed:.0f} s") from None
                    say(f"still at it ({passed:.0f} s)")
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        if process.returncode:
            raise ToolError(without_addresses(output, self.private))
        return output

    def pick(self, package: str, lock: Path) -> Path:
        """A lock file of one package alone, taken from a larger one."""
        file = self.venv / f"{package}.txt"
        file.write_text(block(lock.read_text(encoding="utf-8"), package), encoding="utf-8")
        return file

    def pip(self, *arguments: str | Path) -> str:
        """Run pip, which reads its own configuration."""
        return self.run(self.python, "-I", "-m", "pip", "--disable-pip-version-check", *arguments)

    def install(self, *arguments: str | Path, within: float | None = None) -> None:
        """Run uv pip install for this environment."""
        self.run(self.uv, "pip", "install", "-q", "--python", self.python, *arguments, within=within)

    def learn_pips_settings(self) -> None:
        """Find out which index, certificate and so on pip uses, and hand them on to uv."""
        settings = pip_settings(self.pip("config", "list"))
        self.environment = uv_environment(settings, self.environment)
        off = settings.get("no-index", "").lower() in ("", "0", "false", "no", "off")
        self.no_index = () if off else ("--no-index",)
        hidden = ("index-url", "extra-index-url", "find-links", "proxy", "trusted-host")
        self.private = [part for name in hidden for part in settings.get(name, "").split()]
        home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises where there is no home
        if "UV_CACHE_DIR" not in self.environment and not os.access(home, os.W_OK):
            self.environment["UV_CACHE_DIR"] = str(self.venv / "cache")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold this file's own lock (.venv may be removed meanwhile), so that two set-ups do not work at once."""
    with open(__file__, "rb") as file:  # noqa: PTH123 - the file of this very program
        waited = False
        while True:
            try:
                if sys.platform == "win32":
                    import msvcrt

                    file.seek(1 << 30)  # locks are mandatory there: none of the bytes that Python reads
                    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
                else:
                    import fcntl

                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except (BlockingIOError, PermissionError):
                if not waited:
                    say("another set-up is at work; waiting for it")
                waited = True
                time.sleep(0.2)
            except OSError:  # a file system without locks
                break
        yield  # closing the file gives the lock back


def make_environment(tools: Tools) -> None:
    """Make .venv anew; SetUpError where Python lacks the parts it takes, or the disk the space."""
    import importlib.util

    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise SetUpError(
            f"the venv module of Python {version} is missing. What to do: apt install python3-venv "
            f"(Debian, Ubuntu; or python{version}-venv), then run the same command again."
        )
    free = shutil.disk_usage(tools.root).free
    if free < NEEDED_SPACE:
        raise SetUpError(
            f"too little disk space (found: {free / 1e9:.1f} GB, expected: {NEEDED_SPACE / 1e9:.1f} GB). "
            "What to do: make room where this folder is, then run the same command again."
        )
    # By the name with its version, so that the link breaks, and is noticed, when the system's Python changes.
    base = Path(getattr(sys, "_base_executable", sys.executable))
    versioned = base.with_name(f"python{version}")
    python = versioned if versioned.exists() else base
    tools.run(python, "-I", "-m", "venv", "--clear", "--prompt", "braid", tools.venv)


def install_packages(tools: Tools) -> None:
    """uv by pip; everything else by uv, or by pip if uv cannot; braid itself last."""
    lock = tools.root / "requirements.lock"
    wanted = tools.pick("uv", lock)
    say("installing the packages; the first time this takes some minutes")
    tools.pip("install", "-q", "--retries", "2", "--require-hashes", "--only-binary", "uv", "-r", wanted)
    tools.learn_pips_settings()
    braid = ("--no-deps", "--no-build-isolation", "-e", tools.root)
    try:
        tools.install(*tools.no_index, "--require-hashes", "--compile-bytecode", "-r", lock)
        tools.install("--offline", "--reinstall", *braid)
    except (ToolError, OSError) as error:
        if re.search(DISK_FULL, str(error), re.IGNORECASE):
            raise
        say("uv could not install the packages; pip tries, which takes longer")
        tools.pip("install", "-q", "--require-hashes", "-r", lock)
        tools.pip("install", "-q", *braid)


def answers(address: str, seconds: float) -> bool:
    """Whether a HEAD request is answered within so many seconds, name look-up and redirections included."""
    answered = threading.Event()

    def ask() -> None:
        with contextlib.suppress(Exception):
            request = urllib.request.Request(address, method="HEAD")
            with urllib.request.urlopen(request, timeout=seconds):
                answered.set()

    # A name look-up cannot be given a limit, so it is left behind in a thread that ends with the process.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    return answered.is_set()


def install_quarto(tools: Tools) -> None:
    """Install Quarto where that is possible; say in one line that reports do without it where it is not."""
    if shutil.which("quarto"):
        return
    if not answers(QUARTO_SOURCE, QUARTO_ANSWER):
        say(f"Quarto is not installed, its download site does not answer; {WITHOUT_QUARTO}")
        return
    say("installing Quarto")
    tools.learn_pips_settings()
    lock = tools.root / "requirements-quarto.lock"
    wanted = tools.pick("quarto-cli", lock)
    # Without its dependencies: they serve documents that run code, and ours embed what has already run.
    options = ("--no-deps", "--require-hashes", "--require-build-hashes", "--build-constraints", lock)
    try:
        tools.install(*tools.no_index, *options, "-r", wanted, within=QUARTO_INSTALL)
    except ToolError:
        say(f"Quarto is not installed, its download failed; {WITHOUT_QUARTO}")


def install_cluster(tools: Tools) -> None:
    """Install Snakemake and its executors beside the packages that are there, which its lock file leaves as they are.

    ToolError where that fails: unlike Quarto, nobody is given it who has not asked for it.
    """
    say("installing Snakemake")
    tools.learn_pips_settings()
    lock = tools.root / "requirements-cluster.lock"
    options = ("--require-hashes", "--require-build-hashes", "--build-constraints", lock, "--compile-bytecode")
    tools.install(*tools.no_index, *options, "-r", lock)


def set_up(root: Path, *, quarto: bool = False, cluster: bool = False) -> None:
    """Bring root/.venv to the state that the lock files and pyproject.toml name.

    quarto: try to install Quarto even if nothing else is to be done. cluster: install Snakemake; where it was
    installed once, it is kept up to date with the rest.
    Raises SetUpError or ToolError.
    """
    with alone():
        tools = Tools(root)
        ready = tools.venv / "ready"
        wanted = mark_for(root, sys.version_info[:2])
        found = read_mark(ready) if tools.python.exists() else None
        if found == wanted:
            if quarto:
                install_quarto(tools)
            if cluster:
                install_cluster(tools)
            os.utime(ready)  # newer than the files it is made of: make looks no further
            return
        cluster = cluster or tools.snakemake.exists()
        ready.unlink(missing_ok=True)
        # What an interrupted set-up left cannot be trusted, so only a finished one is built upon.
        if found is None or found[:2] != wanted[:2]:
            make_environment(tools)
        install_packages(tools)
        install_quarto(tools)
        if cluster:
            install_cluster(tools)
        draft = ready.with_suffix(".draft")
        draft.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        draft.replace(ready)
        say("set up")


def write_locks(root: Path, *, upgrade: bool) -> None:
    """Write requirements.lock, and those of the extras quarto and cluster, from pyproject.toml.

    Versions of the present files stay where they still fit, so that two runs give the same files. Only pip's
    main index is asked, unless it is switched off: further ones hold what one machine has.
    """
    import tomllib

    set_up(root)
    tools = Tools(root)
    tools.learn_pips_settings()
    if not tools.no_index:
        for name in {"UV_INDEX", "UV_FIND_LINKS"} - set(os.environ):
            tools.environment.pop(name, None)
    options = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header")
    silent = ("-q", "--no-emit-index-url", "--no-emit-find-links", *tools.no_index)
    newest = ("--upgrade",) if upgrade else ()
    compile_lock = (tools.uv, "pip", "compile", *silent, *options, *newest)
    tools.run(*compile_lock, "--extra", "dev", "pyproject.toml", "-o", "requirements.lock")
    extras = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]

    def write_extra(name: str, *options: str) -> None:
        wanted = [*extras[name], "setuptools"]  # which builds the packages that come as source
        output = ("--no-annotate", "-", "-o", f"requirements-{name}.lock")
        tools.run(*compile_lock, *options, *output, given="\n".join(wanted) + "\n")

    write_extra("quarto", "--no-deps")
    write_extra("cluster", "--constraints", "requirements.lock")


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 all is in place, 2 a person has to do something first, 130 interrupted."""
    root = Path(__file__).resolve().parent.parent
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that no tool is left running behind
    option = " ".join(arguments)
    try:
        if option in ("--lock", "--upgrade"):
            write_locks(root, upgrade=option == "--upgrade")
        elif option in ("", "--quarto", "--cluster"):
            set_up(root, quarto=option == "--quarto", cluster=option == "--cluster")
        else:
            known = "--quarto, --cluster, --lock, --upgrade or none"
            raise SetUpError(f"unknown option {option}. What to do: use {known}.")
    except (SetUpError, ToolError, OSError) as error:
        say(str(error if isinstance(error, SetUpError) else explain(str(error))))
        return 2
    except KeyboardInterrupt:
        say("interrupted; the same command takes it up again")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
