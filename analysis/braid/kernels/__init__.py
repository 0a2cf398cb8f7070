"""Kernels forked from a process that has imported the libraries already, so that a notebook starts at once.

A kernel provisioner of Jupyter (`provisioner`) asks a zygote (`zygote`) to fork; the child (`child`) becomes an
ordinary ipykernel. Where that cannot be, an ordinary kernel is started instead, and one line in the log
(`braid.kernels`; a run writes it to its run.log) says why.

`BRAID_WARM_KERNELS=0` in the environment switches it off; `BRAID_WARM_KERNELS_IDLE` is the number of seconds
after which an unused zygote ends (600).
"""

from braid.kernels.choice import (
    KERNEL_ENVIRONMENT,
    LOG,
    NAME,
    choose_forked_kernels,
    end_zygotes,
    errands_are_taken,
    kernel_environment,
    warm_up,
)
from braid.kernels.imports import import_papermill, without_formats

__all__ = [
    "KERNEL_ENVIRONMENT",
    "LOG",
    "NAME",
    "choose_forked_kernels",
    "end_zygotes",
    "errands_are_taken",
    "import_papermill",
    "kernel_environment",
    "warm_up",
    "without_formats",
]
