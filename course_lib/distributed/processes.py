"""Processes of our own: started, given work, heard, killed, and gone when their parent is.

    def squares(parent, power):                       # runs in the child
        for number in parent:                         # until the parent closes the line
            parent.send(number**power)

    with Crew() as crew:                              # nothing started here outlives the block, whatever ends it
        child = crew.start(squares, 2, name="squares")
        child.send(3)
        for one in crew.waiting():                    # those that have something to say; waits for the first
            one.hear()                                # 9; raises Ended where the process is dead

A function, its arguments and messages may be anything that cloudpickle can copy, what a notebook's cell defines
included. A line holds little: two that both send much and do not listen wait for each other for ever.

The parent alone answers Ctrl-C. A parent that is killed takes its children with it: each watches for its end.
"""

import contextlib
import errno
import multiprocessing
import os
import pickle
import shutil
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any

from course_lib.distributed.interrupts import without_interrupts


class Ended(Exception):
    """A process is dead. exitcode: its own; negative where a signal ended it, as -9 for SIGKILL."""

    def __init__(self, name: str, exitcode: int) -> None:
        super().__init__(f"The process {name!r} ended (exit code {exitcode}).")
        self.exitcode = exitcode


class Failed(Exception):
    """The function of a process raised; the message holds what, and the traceback there."""


class Line:
    """One end of a line between two processes, along which copies of messages go."""

    def __init__(self, pipe: "Connection[Any, Any]") -> None:
        self._pipe = pipe

    def send(self, message: object) -> None:
        """Send a message; raises OSError where the other end is gone."""
        self._pipe.send_bytes(ship(message))

    def hear(self) -> Any:
        """The next message; waits for it. Raises EOFError or OSError where the other end is gone."""
        return pickle.loads(self._pipe.recv_bytes())

    def __iter__(self) -> Iterator[Any]:
        """Messages until the other end is closed."""
        while True:
            try:
                message = self.hear()
            except (EOFError, OSError):
                return
            yield message

    def close(self) -> None:
        self._pipe.close()


class Process:
    """A child that runs `function(line to its parent, *arguments)`, and the parent's handle on it; see `Crew.start`.

    remove: a folder that the child removes if the parent is killed: nobody else is left to.
    """

    def __init__(self, function: Callable[..., object], *arguments: object, name: str, remove: str | None = None):
        self.name = name
        context = multiprocessing.get_context("spawn")  # the same on every system, and no copy of our threads
        with _told_what_to_do(name):
            ours, theirs = context.Pipe()
            self._line, self._pipe = Line(ours), ours
            work = ship((function, arguments))
            self._process = context.Process(target=_live, args=(theirs, work, remove), name=name, daemon=True)
            self._process.start()
            theirs.close()

    @property
    def pid(self) -> int:
        pid = self._process.pid
        assert pid is not None  # it has been started
        return pid

    def send(self, message: object) -> None:
        """Send a message. That the process is dead is not told here: the next `hear` says it."""
        with contextlib.suppress(OSError):
            self._line.send(message)

    def hear(self) -> Any:
        """The next message; waits for it. Raises Ended where the process is dead, Failed where its function raised."""
        try:
            message = self._line.hear()
        except (EOFError, OSError):
            self._process.join()
            raise Ended(self.name, self._process.exitcode or 0) from None
        if isinstance(message, _Raised):
            raise Failed(message.told)
        return message

    def kill(self) -> None:
        """End it now, whatever it does: SIGKILL, or TerminateProcess on Windows."""
        self._process.kill()

    def close(self) -> None:
        """Wait for its end and let go of it."""
        self._process.join()
        self._process.close()
        self._line.close()


@contextlib.contextmanager
def _told_what_to_do(name: str) -> Iterator[None]:
    """Where the system refuses another process, its error gets a sentence that says what helps."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOENT and error.filename is None:
            said = f"The current folder was removed; {name!r} would start there. Go to another one, with os.chdir(…)"
            raise FileNotFoundError(errno.ENOENT, said) from error
        if error.errno in (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM):
            advice = "Ask for fewer processes, or raise the limit (`ulimit -n` of files, `ulimit -u` of processes)"
            raise OSError(error.errno, f"{error.strerror}: {name!r} could not be started. {advice}") from error
        raise


class Crew:
    """`with Crew() as crew:` the processes started by `crew.start` live no longer than the block, whatever ends it."""

    def __init__(self) -> None:
        self.processes: list[Process] = []

    def __enter__(self) -> "Crew":
        return self

    def start(
        self, function: Callable[..., object], *arguments: object, name: str, remove: str | None = None
    ) -> Process:
        """A new `Process`."""
        with without_interrupts():  # else one that came now would leave a process that nobody knows
            self.processes.append(Process(function, *arguments, name=name, remove=remove))
        return self.processes[-1]

    def waiting(self) -> list[Process]:
        """The processes that have something to say, if only that they are dead; waits until there is one."""
        ready = wait([process._pipe for process in self.processes])
        return [process for process in self.processes if process._pipe in ready]

    def dismiss(self, process: Process) -> None:
        """Kill a process if it still lives, and forget it."""
        with without_interrupts():
            self.processes.remove(process)
            process.kill()
            process.close()

    def __exit__(self, *_: object) -> None:
        with without_interrupts():
            for process in self.processes:
                process.kill()
            for process in self.processes:
                process.close()
            self.processes.clear()


def ship(value: object) -> bytes:
    """Bytes of anything, functions and classes from notebook cells included."""
    import cloudpickle

    shipped: bytes = cloudpickle.dumps(value)
    return shipped


# --- in the child -----------------------------------------------------------------------------------------------------


class _Raised:
    """The last message of a process whose function raised."""

    def __init__(self, error: Exception) -> None:
        trace = "".join(traceback.format_exception(error))
        self.told = f"{type(error).__name__}: {error}\n\nIn the process:\n{trace}"


def _live(pipe: "Connection[Any, Any]", work: bytes, remove: str | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(remove,), daemon=True).start()
    line = Line(pipe)
    try:
        function, arguments = pickle.loads(work)
        function(line, *arguments)
    except Exception as error:
        with contextlib.suppress(OSError):  # the parent does not listen any more
            line.send(_Raised(error))


def _end_with_parent(remove: str | None) -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # this is a child
    parent.join()
    if remove:
        shutil.rmtree(remove, ignore_errors=True)
    os._exit(1)
