"""Who runs notebooks: processes forked from the warm one, processes of this run's own, or this process itself."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import Context
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from braid.kernels import KERNEL_ENVIRONMENT, LOG, errands_are_taken, kernel_environment, warm_up
from braid.pipeline.execute import prepare

if TYPE_CHECKING:
    from braid.kernels.errands import Errands

T = TypeVar("T")
_MOST_HEAPS = -8  # glibc's M_ARENA_MAX


@contextmanager
def notebook_workers(workers: int) -> Iterator[Callable[[], Executor]]:
    """What runs notebooks, made when it is first needed; nothing is started when all is fresh.

    With one worker there is neither pool nor fork: stages run in this process, one after the other (never in threads).
    """
    made: list[Executor] = []

    def get() -> Executor:
        if not made:
            made.append(_Here() if workers == 1 else _several(min(workers, os.cpu_count() or 1)))
        return made[0]

    try:
        yield get
    finally:
        for pool in made:
            pool.shutdown(wait=True, cancel_futures=True)
        if made and workers > 1:
            _be_ready_next_time()


def worker_processes(workers: int, before: Callable[[], None] = prepare) -> ProcessPoolExecutor:
    """Processes of this run, forked where that can be after `before` was called; they end with this one."""
    method = "fork" if sys.platform == "linux" else "spawn"
    if method == "fork":
        before()
    context = multiprocessing.get_context(method)
    return _Processes(workers, context, initializer=_begin, initargs=(os.getpid(),))


def _several(workers: int) -> Executor:
    environment = {**os.environ, **KERNEL_ENVIRONMENT}
    if not errands_are_taken(environment):
        return worker_processes(workers)
    from braid.kernels.errands import Errands

    return _Forked(workers, Errands(environment))


def _be_ready_next_time() -> None:
    """Have a process started that runs the notebooks of the next call; while the first ran, it was in the way."""
    environment = {**os.environ, **KERNEL_ENVIRONMENT}
    if kernel_environment(environment):
        warm_up(environment, errands=True)


class _Processes(ProcessPoolExecutor):
    """Processes whose calls know nothing of what this process was about when they were forked.

    Jupyter keeps its event loop in the context. Two processes that had one from their parent would read each other's
    wake-up calls, and wait for ever.
    """

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return super().submit(_afresh, fn, *args, **kwargs)


def _afresh(function: Callable[..., T], /, *arguments: Any, **named: Any) -> T:
    return Context().run(function, *arguments, **named)


class _Here(Executor):
    """Runs what it is given at once, in this process: for a cohort that has a process of its own."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class _Forked(Executor):
    """Has each call made in a process forked from the warm one; where that cannot be, in a new process."""

    def __init__(self, workers: int, errands: Errands) -> None:
        self._errands = errands
        self._threads = ThreadPoolExecutor(workers)  # which wait for an answer, and do nothing else

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return self._threads.submit(self._made, partial(fn, **kwargs), *args)

    def _made(self, function: Callable[..., T], *arguments: Any) -> T:
        from braid.kernels.address import Unavailable

        try:
            return self._errands.call(function, *arguments)
        except Unavailable as reason:
            LOG.info("a new process for a notebook instead of a forked one: %s", reason)
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            return pool.submit(function, *arguments).result()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End what is under way: whoever still waits for a result does not shut down."""
        self._errands.end()
        self._threads.shutdown(wait, cancel_futures=cancel_futures)


def _begin(parent: int) -> None:
    """Begin a worker of this run, which ends with the run and does not grow with the work."""
    _end_with(parent)
    if sys.platform == "linux":
        _keep_to_one_heap()


def _keep_to_one_heap() -> None:
    """Have all threads share one heap.

    The C library gives threads heaps of their own, and keeps in each what its thread once needed: a worker in which
    new threads set page after page would hold the memory of them all.
    """
    with suppress(OSError, AttributeError):  # a C library other than glibc has no such setting, nor such heaps
        ctypes.CDLL(None).mallopt(_MOST_HEAPS, 1)


def give_back_memory() -> None:
    """Give the memory that is free in this worker's heap back to the system, where the C library can."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _end_with(parent: int) -> None:
    """End this worker, and its kernel with it, when the run is killed: nobody else would tell it."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
