"""What a zygote imports, in the state in which an ordinary kernel would have imported it."""

from __future__ import annotations

import builtins
import importlib
import os
import sys
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from braid.kernels.imports import import_papermill

KERNEL = (
    "braid.kernels.child",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "encodings.idna",
    "psutil",
    "sqlite3",
    "tornado.platform.asyncio",
)
ANALYSIS = (
    "braid.stages.participants",
    "braid.stages.baseline",
    "braid.stages.satisfaction",
    "braid.stages.change",
    "braid.stages.interviews",
    "braid.stages.triangulation",
    "pandas",
    "scipy.stats",
    "matplotlib.pyplot",
    "seaborn",
    "pingouin",
)
ERRANDS = (
    "braid.cli.app",
    "braid.cli.run",
    "braid.kernels.child",
    "braid.kernels.client",
    "braid.kernels.provisioner",
    "braid.pipeline.execute",
    "braid.presentation",
    "braid.rendering",
    "braid.study",
)
INLINE = "module://matplotlib_inline.backend_inline"


@dataclass(frozen=True)
class Loaded:
    """What the imports have left behind besides modules.

    filters: filters of warnings set by the libraries of the analysis, foremost first. variables: environment
    variables that were set while importing.
    """

    filters: list[Any]
    variables: dict[str, str]


class Threads(Exception):
    """Something that was imported has started threads: such a process must not be forked."""


class _StandIn:
    """pandas asks while it is imported whether it is in a notebook, and shows 20 columns if it is."""

    kernel = True


def preload(analysis: bool = True) -> Loaded:
    """Import what a kernel needs, and what the analysis does. Raises Threads, and whatever an import raises."""
    environment = dict(os.environ)
    backend = os.environ.get("MPLBACKEND")
    os.environ["MPLBACKEND"] = backend or INLINE
    builtins.get_ipython = _StandIn  # type: ignore[attr-defined]
    try:
        for module in KERNEL:
            importlib.import_module(module)
        before = list(warnings.filters)
        if analysis:
            for module in ANALYSIS:
                importlib.import_module(module)
            _rehearse()
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]
        if backend is None:
            del os.environ["MPLBACKEND"]
    _refuse_threads()
    added = list(warnings.filters)[: len(warnings.filters) - len(before)]
    warnings.filters[:] = before  # type: ignore[index]
    return Loaded(added, {name: value for name, value in os.environ.items() if name not in environment})


def preload_for_errands() -> Loaded:
    """Import what runs notebooks, which a kernel must not have in it. Raises Threads, and whatever an import raises."""
    import_papermill()
    for module in ERRANDS:
        importlib.import_module(module)
    _rehearse_errands()
    _refuse_threads()
    return Loaded([], {})


def _refuse_threads() -> None:
    count = len(list(Path("/proc/self/task").iterdir()))
    if count > 1:
        names = ", ".join(thread.name for thread in threading.enumerate())
        raise Threads(f"{count} threads run after the imports ({names}): a process with threads must not be forked")


def _rehearse() -> None:
    """Do once what is slow only the first time: find letters, draw a figure, and read which module imports which.

    Nothing of it stays but caches. Warnings are not noted down as shown: the kernels have yet to show theirs.
    """
    from braid.presentation import style
    from braid.presentation.means import item_means
    from braid.study import module_files

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        style.find_letters()
        item_means(["First", "Second"], [(1.0, 0.5, 1.5), None], [None, (2.0, 1.5, 2.5)], 1.0, 5.0)
        module_files("braid.stages.triangulation")


def _rehearse_errands() -> None:
    """Do once what is slow only the first time: make the validator of notebooks, find who provides kernels, and read
    which module imports which."""
    import nbformat
    from jupyter_client.provisioning.factory import KernelProvisionerFactory

    from braid.study import module_files

    nbformat.validate({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})
    KernelProvisionerFactory.instance()
    for module in ANALYSIS:
        if module.startswith("braid."):
            module_files(module)


def hidden_by(folder: str) -> str | None:
    """The file in a kernel's working folder that an ordinary kernel would have read instead of ours, or None.

    An ordinary kernel looks for modules in its working folder first, and matplotlib there for its settings.
    """
    for entry in os.scandir(folder):
        if entry.name == "matplotlibrc":
            return entry.name
        module = sys.modules.get(entry.name.partition(".")[0])
        if module is None or not (entry.is_dir() or entry.name.endswith((".py", ".so"))):
            continue
        file = getattr(module, "__file__", None)
        if file is None:
            continue
        home = Path(file).parent if hasattr(module, "__path__") else Path(file)
        package = not entry.is_dir() or (Path(entry.path) / "__init__.py").exists()
        if package and Path(entry.path).resolve() != home.resolve():
            return entry.name
    return None
