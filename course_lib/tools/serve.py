"""From the command's options to a running server."""

from pathlib import Path

from course_lib import place
from course_lib.serving.examples.classifier import publish_classifier
from course_lib.serving.protocol.limits import Limits


def serve(options):
    """`course serve`. Returns an exit code."""
    from course_lib.serving.http.process import run

    repository = options.repository or course_repository(options.backend)
    given = {name: getattr(options, f"max_{name}") for name in Limits._fields}
    limits = Limits(**{name: value for name, value in given.items() if value is not None})
    return run(repository, options.backend, options.port, limits, options.stop_with_stdin)


def course_repository(backend):
    """The course's own repository, `.course/models/<backend>`, with the classifier in it."""
    try:
        root = place.root()
    except place.CourseNotFound:
        root = Path.cwd()
    return publish_classifier(root / ".course" / "models" / backend, backends=[backend]).path
