"""From the command's options to a running server: `course serve`, and `python -m course_lib.tools.serve`."""

import argparse
import atexit
import math
import shutil
import sys
import tempfile
from pathlib import Path

from course_lib import place
from course_lib.text.words import short

DAY = 24 * 60 * 60  # seconds


def add_options(parser):
    """The command's options."""
    from course_lib.serving.models.backends import BACKENDS

    add = parser.add_argument
    add("--port", type=int, default=8000, help="0 takes a free one; the first line printed names it")
    add("--repository", help="a folder of versions; else the course's classifier is trained and served")
    add("--backend", choices=tuple(BACKENDS), default="numpy", help="what computes")
    add("--max-bytes", type=amount, help="limit of a request's body (8,000,000)")
    add("--max-elements", type=amount, help="limit of its tensors' elements (1,000,000)")
    add("--max-seconds", type=seconds, help="limit for its body to arrive, and for its answer (10)")
    add("--stop-with-stdin", action="store_true", help="stop when standard input ends")


def amount(text):
    """A limit of bytes or elements."""
    if not (text.isdecimal() and len(text) < 19 and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{short(text)} is no limit: give a whole number from 1, such as 1000000")
    return int(text)


def seconds(text):
    """A limit of time, of at most a day."""
    try:
        given = float(text)
    except ValueError:
        given = math.nan
    if not 0 < given <= DAY:
        raise argparse.ArgumentTypeError(f"{short(text)} is no limit: give seconds above 0, at most {DAY:,} (a day)")
    return given


def serve(options):
    """Serve until told to stop. Returns an exit code."""
    from course_lib.serving.http.process import run
    from course_lib.serving.protocol.limits import Limits

    repository, further = options.repository, {}
    if not repository:
        repository = course_repository(options.backend)
        further["remedy"] = "It is the course's own: remove that folder, and it is made anew."
    given = {name: getattr(options, f"max_{name}") for name in Limits._fields}
    limits = Limits(**{name: value for name, value in given.items() if value is not None})
    return run(repository, options.backend, options.port, limits, options.stop_with_stdin, **further)


def course_repository(backend):
    """The course's own repository, `.course/models/<backend>`, with the classifier in it.

    Where the course's folder cannot be written, it is made for the time of this process, in a temporary folder.
    """
    from course_lib.serving.examples.classifier import EPOCHS, NAME, publish_classifier
    from course_lib.serving.models.repository import Repository

    try:
        root = place.root()
    except place.CourseNotFound:
        root = Path.cwd()
    folder = root / ".course" / "models" / backend
    if not place.writable(folder) and set(EPOCHS) - set(Repository(folder).versions(NAME)):
        folder = tempfile.mkdtemp(prefix="course-models-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return publish_classifier(folder, backends=[backend]).path


def main(arguments=None):
    """The same without the `course` command and what else it brings: what `serving.Server` starts."""
    parser = argparse.ArgumentParser("course serve")
    add_options(parser)
    return serve(parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
