"""The stages of a report, their graph and cache, and the kernels that run them."""

from braid.pipeline.graph import STAGES, Stage
from braid.pipeline.run import Progress, StageFailed, executed, results_file, run_stages, stale_stages
from braid.pipeline.workers import give_back_memory, worker_processes

__all__ = [
    "STAGES",
    "Progress",
    "Stage",
    "StageFailed",
    "executed",
    "give_back_memory",
    "results_file",
    "run_stages",
    "stale_stages",
    "worker_processes",
]
