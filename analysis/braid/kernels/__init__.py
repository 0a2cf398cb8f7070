"""Kernels forked from a process that has imported the libraries already, so that a notebook starts at once.

A kernel provisioner of Jupyter (`provisioner`) asks a zygote (`zygote`) to fork; the child (`child`) becomes an
ordinary ipykernel. Where that cannot be, an ordinary kernel is started instead, and one line in the log says why.

`BRAID_WARM_KERNELS=1` in the environment switches it on; `BRAID_WARM_KERNELS_IDLE` is the number of seconds
after which an unused zygote ends (600).
"""

from braid.kernels.choice import NAME, choose_forked_kernels, import_papermill, kernel_environment

__all__ = ["NAME", "choose_forked_kernels", "import_papermill", "kernel_environment"]
