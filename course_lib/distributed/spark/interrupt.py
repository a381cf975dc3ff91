"""Ctrl-C ends the work, and not only the wait for it.

A KeyboardInterrupt ends a wait for Java, while Java goes on with the job: an endless function in it would hold its
cores for ever. PySpark cancels jobs from a signal handler, which it can set only where it was started by the main
thread, and which Jupyter replaces before each cell. So the waits are watched, and in a notebook the cells too.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

LOOKS, PAUSE = 20, 0.05  # how often it is looked for a job that is about to start
PATIENCE = 30  # seconds for a job to end
TRIES = 10  # how often Java may fail to answer meanwhile


def cancel(context: Any, looks: int = LOOKS) -> None:
    """Cancel every job, and wait until none is active."""
    watcher = threading.Thread(target=_cancel, args=(context, looks), daemon=True)  # this thread's line to Java is cut
    watcher.start()
    watcher.join()


def _cancel(context: Any, looks: int) -> None:
    begun, tries = time.monotonic(), TRIES
    while time.monotonic() - begun < PATIENCE:
        try:
            if context.statusTracker().getActiveJobsIds():
                context.cancelAllJobs()
                looks = 0
            elif looks <= 0:
                return
        except Exception:  # py4j closes other lines than the one that was cut, too, and opens another when asked again
            tries -= 1
            if not tries:
                raise
        looks -= 1  # the interrupt may have been quicker than the job
        time.sleep(PAUSE)


def watch_waits(gateway: Any, context: Any) -> None:
    """From now on a KeyboardInterrupt that ends a wait for Java also ends what Java was asked for."""
    client = gateway._gateway_client
    send: Callable[..., Any] = client.send_command

    def send_or_cancel(*arguments: Any, **options: Any) -> Any:
        try:
            return send(*arguments, **options)
        except KeyboardInterrupt:
            cancel(context)
            raise

    client.send_command = send_or_cancel
    for name in ("", "py4j.clientserver"):
        logging.getLogger(name).addFilter(_is_news)


# py4j logs the traceback of an interrupt as an error, and raises it all the same; then it closes the line that the
# interrupt has cut, and logs that this was cut.
_OLD = ("KeyboardInterrupt while sending command.", "Exception occurred while shutting down connection")


def _is_news(record: logging.LogRecord) -> bool:
    return record.msg not in _OLD


class WatchCells:
    """In a notebook: a cell that ends with a KeyboardInterrupt, wherever it waited, takes its jobs with it."""

    def __init__(self, context: Any) -> None:
        self._context, self._shell = context, _shell()
        if self._shell is not None:
            self._shell.events.register("post_run_cell", self._after)

    def _after(self, result: Any) -> None:
        if isinstance(result.error_in_exec, KeyboardInterrupt):
            cancel(self._context, looks=0)

    def stop(self) -> None:
        if self._shell is not None:
            self._shell.events.unregister("post_run_cell", self._after)
            self._shell = None


def _shell() -> Any:
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()
