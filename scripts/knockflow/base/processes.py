"""Pieces of one search in processes of their own, which stop when the search is asked to."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait

from knockflow.base.clock import Watch, end_with
from knockflow.base.errors import SolverError

SECONDS_BETWEEN_LOOKS = 0.2


def can_fork() -> bool:
    """Whether processes can begin as copies of this one, which spares them all set-up."""
    return "fork" in multiprocessing.get_all_start_methods()


Tell = Callable[[object], None]
"""Sends something from a piece that still runs."""


@dataclass(frozen=True)
class _Message:
    """What comes from a piece, its result at last; nodes are those since the message before."""

    content: object
    nodes: int
    stopped: str | None
    last: bool


def run_pieces(
    work: Callable[[int, Watch, Tell], object],
    count: int,
    watch: Watch,
    heed: Callable[[int, object], None] = lambda number, told: None,
) -> list:
    """The results of work(0, ...), ..., work(count - 1, ...), each in a process of its own.

    What a piece tells while it runs goes to `heed`, with the piece's number.

    Raises
    ------
    SolverError
        If a process ends without a result.
    """
    context, own = multiprocessing.get_context("fork"), os.getpid()
    ends = [context.Pipe(duplex=False) for _ in range(count)]
    processes = [
        context.Process(target=_piece, args=(work, number, watch, ends, own), daemon=True) for number in range(count)
    ]
    for process in processes:
        process.start()
    for _, sender in ends:
        sender.close()
    try:
        return _results(processes, [receiver for receiver, _ in ends], watch, heed)
    finally:
        for process in processes:
            # Only after an error does one still run.
            process.kill()
            process.join()


def in_copies(work: Callable[[int], object], count: int, at_once: int) -> list:
    """The results of work(0), ..., work(count - 1), each in a process of its own that begins as a copy of this one.

    Since no piece sees what another one leaves behind, the results do not depend on how many run at a time. Ctrl-C ends
    them with this process, and so does its own end.

    Raises
    ------
    SolverError
        If a process ends without a result.
    Exception
        What a piece has raised; of several the first one in order, as if there were one process.
    """
    context, waiting, own = multiprocessing.get_context("fork"), iter(range(count)), os.getpid()
    running: dict[Connection, tuple[int, multiprocessing.process.BaseProcess]] = {}
    results: dict[int, object] = {}
    failed = count
    try:
        while sum(number < failed for number in results) < failed:
            while failed == count and len(running) < at_once and (number := next(waiting, None)) is not None:
                receiver, sender = context.Pipe(duplex=False)
                process = context.Process(target=_copy, args=(work, number, sender, own), daemon=True)
                process.start()
                sender.close()
                running[receiver] = number, process
            for receiver in wait(list(running)):
                number, process = running[receiver]
                results[number] = _outcome(receiver, process)
                running.pop(receiver)
                process.join()
                failed = min(failed, number) if isinstance(results[number], Exception) else failed
    finally:
        for _, process in running.values():
            process.kill()
            process.join()
    if failed < count:
        raise results[failed]
    return [results[number] for number in range(count)]


def _outcome(receiver: Connection, process) -> object:
    """The result of a piece, or what it has raised."""
    try:
        return _received(receiver, process)
    except SolverError as error:
        return error


def _copy(work: Callable[[int], object], number: int, sender: Connection, starter: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(starter,), daemon=True).start()
    try:
        sender.send(work(number))
    except Exception as error:
        sender.send(error)


def _end_with(starter: int) -> None:
    """End this process soon after the one that started it, whatever has ended that."""
    while os.getppid() == starter:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os._exit(1)


def _piece(work: Callable, number: int, watch: Watch, ends: list[tuple[Connection, Connection]], starter: int) -> None:
    # Ctrl-C reaches every process of the terminal; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(starter)
    sender = ends[number][1]
    # Ends that stay open here would hide from the others that a process has died.
    for end in (end for pair in ends for end in pair if end is not sender):
        end.close()
    with suppress(KeyboardInterrupt), watch.piece() as own:

        def tell(content: object, last: bool = False) -> None:
            nodes, own.nodes = own.nodes, 0
            sender.send(_Message(content, nodes, own.stopped, last))

        try:
            tell(work(number, own, tell), last=True)
        except BrokenPipeError:
            return  # the process that waited for it is gone


def _results(processes: list, receivers: list[Connection], watch: Watch, heed: Callable) -> list:
    """The processes' results; until they are there, a wish to stop is passed on."""
    asked, results = False, {}
    number = {receiver: place for place, receiver in enumerate(receivers)}
    while len(results) < len(processes):
        for receiver in wait([r for r in receivers if number[r] not in results], SECONDS_BETWEEN_LOOKS):
            own = number[receiver]
            told = _received(receiver, processes[own])
            watch.nodes += told.nodes
            if told.last:
                results[own], watch.stopped = told.content, watch.stopped or told.stopped
            else:
                heed(own, told.content)
        if watch.terminated and not asked:
            asked = True
            for process in processes:
                if process.is_alive():
                    process.terminate()
    return [results[place] for place in range(len(processes))]


def _received(receiver: Connection, process) -> _Message:
    try:
        return receiver.recv()
    except EOFError as error:
        process.join()
        raise SolverError(f"a process ended without a result (exit code {process.exitcode})") from error
