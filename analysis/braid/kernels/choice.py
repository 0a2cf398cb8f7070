"""Who gets forked kernels: whoever finds the provisioner's name in the environment."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping, MutableMapping
from importlib.metadata import PackageNotFoundError, distribution

NAME = "braid-forked"
GROUP = "jupyter_client.kernel_provisioners"
DEFAULT = "JUPYTER_DEFAULT_PROVISIONER_NAME"
SWITCH = "BRAID_WARM_KERNELS"
KERNEL_ENVIRONMENT = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "JUPYTER_PLATFORM_DIRS": "1"}
"""What every kernel that a run starts has in its environment."""
LOG = logging.getLogger("braid.kernels")
LOG.setLevel(logging.INFO)


def switched_on(environment: Mapping[str, str]) -> bool:
    """Whether forked kernels may be tried: on Linux, unless a person has set `BRAID_WARM_KERNELS` to 0."""
    return sys.platform == "linux" and environment.get(SWITCH, "1").strip().lower() not in ("0", "no", "off", "false")


def kernel_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables that make Jupyter fork its Python kernels; none where that is switched off or impossible.

    Set them before the first kernel is started: Jupyter reads the name once in a process. Whoever has chosen
    another provisioner keeps it, and so does an installation older than this package's entry point.
    """
    given = os.environ if environment is None else environment
    if given.get(DEFAULT, NAME) != NAME or not switched_on(given):
        return {}
    return {DEFAULT: NAME} if _is_installed() else {}


def _is_installed() -> bool:
    try:
        return bool(distribution("braid").entry_points.select(group=GROUP, name=NAME))
    except PackageNotFoundError:
        return False


def warm_up(environment: Mapping[str, str], *, errands: bool = False) -> None:
    """Have a zygote started for kernels with this environment, or for errands, if there is none, without waiting."""
    if sys.platform == "linux":
        from braid.kernels import start

        start.warm_up(environment, errands=errands)


def errands_are_taken(environment: Mapping[str, str]) -> bool:
    """Whether a zygote for errands with this environment is there already, and may be asked."""
    if not switched_on(environment):
        return False
    from braid.kernels import start

    return start.takes_errands(environment)


def end_zygotes() -> None:
    """End the zygotes in this user's runtime folder, each as soon as its last kernel has ended."""
    if sys.platform == "linux":
        from braid.kernels import start

        start.end_zygotes()


def choose_forked_kernels(environment: MutableMapping[str, str] | None = None) -> None:
    """Put kernel_environment into the environment of this process (or into the one given)."""
    given = os.environ if environment is None else environment
    given.update(kernel_environment(given))
