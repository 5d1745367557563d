"""Pieces of one search in processes of their own, which stop when the search is asked to."""

import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection

from knockflow.errors import SolverError
from knockflow.watch import Watch

SECONDS_BETWEEN_LOOKS = 0.2


def can_fork() -> bool:
    """Whether processes can begin as copies of this one, which spares them all set-up."""
    return "fork" in multiprocessing.get_all_start_methods()


def run_pieces(work: Callable[[int, Watch], object], count: int, watch: Watch) -> list:
    """The results of work(0, ...), ..., work(count - 1, ...), each in a process of its own.

    Raises
    ------
    SolverError
        If a process ends without a result.
    """
    context = multiprocessing.get_context("fork")
    ends = [context.Pipe(duplex=False) for _ in range(count)]
    processes = [
        context.Process(target=_piece, args=(work, number, watch, ends[number][1]), daemon=True)
        for number in range(count)
    ]
    for process in processes:
        process.start()
    for _, sender in ends:
        sender.close()
    return [
        _result(process, receiver, processes, watch) for process, (receiver, _) in zip(processes, ends, strict=True)
    ]


def _piece(work: Callable[[int, Watch], object], number: int, watch: Watch, sender: Connection) -> None:
    # Ctrl-C reaches every process of the terminal; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with watch.piece() as own:
        sender.send((work(number, own), own.nodes, own.stopped))


def _result(process, receiver: Connection, processes: list, watch: Watch):
    """One process's result; while it is not there, a wish to stop is passed on."""
    asked = False
    while not receiver.poll(SECONDS_BETWEEN_LOOKS):
        if watch.terminated and not asked:
            asked = True
            for other in processes:
                if other.is_alive():
                    other.terminate()
    try:
        result, nodes, stopped = receiver.recv()
    except EOFError as error:
        process.join()
        raise SolverError(f"a process of the search ended without a result (exit code {process.exitcode})") from error
    process.join()
    watch.nodes += nodes
    watch.stopped = watch.stopped or stopped
    return result
