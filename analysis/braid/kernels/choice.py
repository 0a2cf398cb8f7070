"""Who gets forked kernels: whoever finds the provisioner's name in the environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, MutableMapping
from importlib.metadata import entry_points
from types import ModuleType

NAME = "braid-forked"
GROUP = "jupyter_client.kernel_provisioners"
DEFAULT = "JUPYTER_DEFAULT_PROVISIONER_NAME"
SWITCH = "BRAID_WARM_KERNELS"


def switched_on(environment: Mapping[str, str]) -> bool:
    """Whether a person wants forked kernels (`BRAID_WARM_KERNELS` is 1), and the system can fork safely."""
    return sys.platform == "linux" and environment.get(SWITCH, "0").strip().lower() in ("1", "yes", "on", "true")


def kernel_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables that make Jupyter fork its Python kernels; none where that is switched off or impossible.

    Set them before the first kernel is started: Jupyter reads the name once in a process. Whoever has chosen
    another provisioner keeps it, and so does an installation older than this package's entry point.
    """
    given = os.environ if environment is None else environment
    if given.get(DEFAULT, NAME) != NAME or not switched_on(given):
        return {}
    return {DEFAULT: NAME} if entry_points(group=GROUP, name=NAME) else {}


def choose_forked_kernels(environment: MutableMapping[str, str] | None = None) -> None:
    """Put kernel_environment into the environment of this process (or into the one given)."""
    given = os.environ if environment is None else environment
    given.update(kernel_environment(given))


def import_papermill() -> ModuleType:
    """papermill, without the grammar of internationalised addresses that jsonschema would build for it.

    Building it takes three quarters of papermill's import, and no notebook's schema asks for the format. jsonschema
    takes an ImportError there as "not installed"; None in sys.modules is the language's own way to raise it.
    """
    grammar = "rfc3987_syntax"
    blocked = grammar not in sys.modules
    if blocked:
        sys.modules[grammar] = None  # type: ignore[assignment]
    try:
        import papermill
    finally:
        if blocked:
            del sys.modules[grammar]
    module: ModuleType = papermill
    return module
