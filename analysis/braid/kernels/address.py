"""Where the zygote for a kernel lives: a socket whose name holds all that a forked kernel cannot change any more."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import stat
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_READ_AT_START = ("PYTHON", "LC_", "LANG", "LD_", "MPL", "MATPLOTLIB", "OMP_", "OPENBLAS_", "GOTO_", "MKL_", "KMP_")
_READ_AT_IMPORT = ("NUMEXPR_", "NPY_", "PANDAS_", "SCIPY_", "MALLOC_", "GLIBC_", "XDG_C", "PYDEVD_", "DEBUGPY_")
_SINGLE = ("HOME", "TZ", "TMPDIR")
_STATUS = ("Umask", "Groups", "CapEff", "NoNewPrivs", "Seccomp", "Cpus_allowed")
_NAMESPACES = ("mnt", "net", "pid", "user")
_LONGEST_PATH = 100  # sun_path holds 108 bytes


class Unavailable(Exception):
    """A kernel cannot be forked here and now; the text says why."""


@dataclass(frozen=True)
class Address:
    """The files of one zygote: its socket, its log, and the mark that it could not start; options: of its command."""

    folder: Path
    name: str
    options: tuple[str, ...] = ()

    @property
    def socket(self) -> Path:
        return self.folder / f"{self.name}.socket"

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def failed(self) -> Path:
        return self.folder / f"{self.name}.failed"


def address_for(python: str, environment: Mapping[str, str], *, errands: bool = False) -> Address:
    """The address of the zygote whose children equal a kernel of this Python started here with this environment.

    errands: of the one whose children run notebooks instead.
    Raises Unavailable where there is no private folder for it.
    """
    facts = [
        python,
        sys.version,
        sys.prefix,
        library_signature(),
        start_environment(environment),
        _inherited(),
        errands,
    ]
    name = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:24]
    return Address(private_folder(), name, ("--errands",) if errands else ())


def start_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that Python and the libraries read when they start: a zygote is started with these alone.

    Raises Unavailable where they ask for something that cannot be forked: threads that start with the import,
    or folders of modules named from the working folder, which every kernel may have elsewhere.
    """
    starts = _READ_AT_START + _READ_AT_IMPORT
    kept = {name: value for name, value in environment.items() if name.startswith(starts) or name in _SINGLE}
    if kept.setdefault("OPENBLAS_NUM_THREADS", "1") != "1":
        raise Unavailable("OPENBLAS_NUM_THREADS asks for threads")
    if not all(Path(folder).is_absolute() for folder in kept.get("PYTHONPATH", "/").split(os.pathsep)):
        raise Unavailable("PYTHONPATH names a folder that is not absolute")
    return kept


def library_signature() -> str:
    """Changes with every file of this library, and with every package that is installed or removed.

    Names, sizes and times of change, not contents: it is asked for at every kernel start.
    """
    library = Path(__file__).resolve().parents[1]
    marks: list[tuple[str, int, int]] = []
    for path in sorted(library.rglob("*.py")):
        try:
            found = path.stat()
        except OSError:  # an editor is just writing it
            marks.append((str(path), 0, 0))
        else:
            marks.append((str(path), found.st_size, found.st_mtime_ns))
    for folder in sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}):
        marks.append((folder, 0, Path(folder).stat().st_mtime_ns))
    return hashlib.sha256(json.dumps(marks).encode()).hexdigest()


def private_folder() -> Path:
    """The folder for sockets, which no other user can enter. Raises Unavailable where there is none."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if Path(runtime).is_absolute() and Path(runtime).is_dir():
        folder = Path(runtime) / "braid-kernels"
    else:
        folder = Path(tempfile.gettempdir()) / f"braid-kernels-{os.getuid()}"
    if len(os.fsencode(folder)) > _LONGEST_PATH - 32:
        folder = Path(f"/tmp/braid-kernels-{os.getuid()}")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise Unavailable(f"there is no folder for sockets: {error}") from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise Unavailable(f"{folder} can be entered by others")
    return folder


def _inherited() -> list[object]:
    """What a process has from its parent and cannot be given later: limits, groups, namespaces, its cgroup."""
    status = [line for line in _text("/proc/self/status").splitlines() if line.split(":")[0] in _STATUS]
    limits = [resource.getrlimit(getattr(resource, name)) for name in sorted(dir(resource)) if name[:7] == "RLIMIT_"]
    spaces = [_link(f"/proc/self/ns/{name}") for name in _NAMESPACES]
    cgroup = _text("/proc/self/cgroup")
    return [os.getuid(), os.getgid(), status, limits, spaces, cgroup, os.getpriority(os.PRIO_PROCESS, 0)]


def _text(path: str) -> str:
    """A file of the system, which may lack it; then all processes do."""
    try:
        return Path(path).read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def _link(path: str) -> str:
    try:
        return str(Path(path).readlink())
    except OSError:
        return ""
