"""`braid run` in a process forked from the warm one, which has imported everything already.

It has this terminal, folder and environment; Ctrl-C reaches it, and it ends when this process does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from braid.kernels import KERNEL_ENVIRONMENT, LOG, errands_are_taken

_HERE = frozenset({"--all", "--help"})
"""Runs that take long anyway, or no time at all."""


def forwarded(arguments: Sequence[str]) -> int | None:
    """The exit code of a run that was made in a forked process; None where it has to be made in this one."""
    if not arguments or arguments[0] != "run" or _HERE & set(arguments):
        return None
    environment = {**os.environ, **KERNEL_ENVIRONMENT}
    if not errands_are_taken(environment):
        return None
    from braid.kernels.address import Unavailable
    from braid.kernels.errands import Errands

    try:
        return Errands(environment).call(made, list(arguments))
    except Unavailable as reason:
        LOG.info("the run is made in a new process instead of a forked one: %s", reason)
        return None
    except RuntimeError as ended:
        from concurrent.futures.process import BrokenProcessPool

        if not isinstance(ended, BrokenProcessPool):
            raise
        print(f"the run has ended in the middle: {ended}", file=sys.stderr)
        print("  what to do: call it again, it goes on from there; most often memory was short", file=sys.stderr)
        return 1


def made(arguments: list[str]) -> int:
    """Run the command line with these arguments in this process; its exit code."""
    from braid.cli.app import run_app

    sys.argv[1:] = arguments
    try:
        run_app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
