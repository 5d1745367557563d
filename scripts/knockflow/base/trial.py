"""Work of a library that may end its process, tried in a copy of this one first."""

import faulthandler
import os
import resource
import signal
from collections.abc import Callable

from knockflow.base.processes import can_fork


def fatal(work: Callable[[], object]) -> str | None:
    """The signal that ends a process at some work, such as `Segmentation fault`; None where nothing ends it.

    What the work returns, or raises, stays in the copy: it is for the caller to do it again.
    """
    if not can_fork():
        return None
    child = os.fork()
    if not child:
        _do(work)
    try:
        status = os.waitpid(child, 0)[1]
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    if not os.WIFSIGNALED(status):
        return None
    number = os.WTERMSIG(status)
    return signal.strsignal(number) or f"signal {number}"


def _do(work: Callable[[], object]) -> None:
    """The work, and nothing of what this process would have done after it, whatever becomes of it."""
    try:
        # The one who waits tells of it.
        faulthandler.disable()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        work()
    finally:
        os._exit(0)
