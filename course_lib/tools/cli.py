"""The `course` command. Each command is a module of its own, imported when it is called.

Exit codes: 0 all is well, 1 a problem was found, 2 the command was not understood.
"""

import argparse
import contextlib
import errno
import os
import sys

from course_lib.text.words import counted
from course_lib.tools.serve import add_options as serve_options

REFUSED = {errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT}  # what a disk says that takes nothing
DESCRIPTION = "Large Models as a Service, from scratch: the course's command."

EXAMPLES = """examples:
  course lab                        open the course in JupyterLab, at its start page
  course lab --no-browser --port 8899
  course build 1.1                  run a lesson's source and write its three notebooks
  course build --check              find stored notebooks that differ from their source
  course check training.dense       audit an exercise: reference, mistakes, hints, mutants
  course doctor                     what is missing on this machine, and how to mend it
  course progress                   which exercises are solved, which mistakes were met
  course serve                      the classifier behind HTTP, on this machine alone
"""


def parser():
    """All commands and their options."""
    top = argparse.ArgumentParser(
        "course", description=DESCRIPTION, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = top.add_subparsers(dest="command", metavar="command", required=True)

    def add(name, run, text, examples=""):
        made = commands.add_parser(
            name,
            help=text.split(". ")[0].rstrip("."),
            description=text,
            epilog=examples,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.set_defaults(run=run)
        return made

    add(
        "lab",
        lab,
        "Open the course in JupyterLab at its start page. Further options go to JupyterLab.",
        "examples:\n  course lab\n  course lab --no-browser --port 8899",
    )

    build = add(
        "build",
        build_,
        "Make notebooks/, exercises/ and solutions/ from lessons/ and the exercise bank, and execute them.",
        "examples:\n  course build              all lessons\n  course build 1.1 0_1_start_here\n  course build --check",
    )
    build.add_argument(
        "lessons",
        nargs="*",
        metavar="lesson",
        help="a number (1.1), a chapter (1), a name or a path; all when none is given",
    )
    build.add_argument(
        "--check", action="store_true", help="run nothing: find stored notebooks that differ from their source"
    )
    build.add_argument(
        "--pages",
        action="store_true",
        help="run nothing: write what is made in README.md and docs/",
    )
    build.add_argument(
        "--allow-slow", action="store_true", help="a cell over 10 s or a notebook over 90 s is no failure"
    )
    build.add_argument("--remeasure", action="store_true", help="replace the stored outputs of measured cells")

    check = add(
        "check",
        check_,
        "Audit exercises of the bank: every right answer accepted, every mistake rejected under its own name, …",
        "examples:\n  course check\n  course check training.dense training.neuron",
    )
    check.add_argument(
        "exercises", nargs="*", metavar="exercise", help="ids such as training.dense; all when none is given"
    )

    add("doctor", doctor, "Name what is missing on this machine, and the exact remedy.")

    progress = add(
        "progress", progress_, "Show which exercises are solved, which were tried, and which mistakes were met."
    )
    progress.add_argument("--reset", action="store_true", help="forget everything, after a question")
    progress.add_argument("--yes", action="store_true", help="with --reset: do not ask")

    serve = add(
        "serve",
        serve_,
        "Serve a model over HTTP on 127.0.0.1 (Open Inference Protocol v2). Ctrl-C stops it.",
        "examples:\n  course serve\n  course serve --port 0 --backend tensorflow\n  course serve --repository models",
    )
    serve_options(serve)
    return top


def main(arguments=None):
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter shows another, and no error
    known, rest = parser().parse_known_args(arguments)
    if rest and known.command != "lab":
        parser().error(
            f"unrecognized arguments: {' '.join(rest)}. `course {known.command} --help` lists what there is."
        )
    known.rest = rest
    from course_lib.place import CourseNotFound
    from course_lib.utils import DocstringsMissing

    try:
        code = known.run(known) or 0
        if sys.stdout is not None:
            sys.stdout.flush()  # else what cannot be written is noticed when Python ends
        return code
    except (CourseNotFound, DocstringsMissing) as problem:
        return trouble(problem)
    except KeyboardInterrupt:
        return trouble("Stopped.")
    except BrokenPipeError:  # who read the output has gone, as `head` does: there is nobody to tell
        write_no_more()
        return 1
    except OSError as problem:
        if problem.errno not in REFUSED:
            raise
        full = problem.errno in (errno.ENOSPC, errno.EDQUOT)
        remedy = "Make room on its disk." if full else "Run it from a copy of the course that you may write."
        if problem.filename is None:  # what is written into has no name here: most often it is the output
            write_no_more()
            return trouble(f"The output or a file cannot be written ({problem.strerror}). {remedy}")
        return trouble(f"{problem.filename!r} cannot be used ({problem.strerror}). {remedy}")


def write_no_more():
    """What still waits to be written goes nowhere; Python, ending, would try once more and fail."""
    if sys.stdout is not None:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def trouble(problem, code=1):
    print(f"course: {problem}", file=sys.stderr)
    return code


# --- the commands -----------------------------------------------------------------------------------------------------


def lab(options):
    from course_lib import place
    from course_lib.tools import lab

    return lab.open_course(place.root(), options.rest)


def build_(options):
    from course_lib import place
    from course_lib.tools.build import BuildError, check, make, pages

    root = place.root()
    try:
        if options.check:
            for problem in (said := check.problems(root, options.lessons)):
                print(problem)
            differ = counted(len(said), "differs from its", "differ from their")
            print(f"{differ} source." if said else "Every notebook fits its source.")
            return bool(said)
        if options.pages:
            return pages.write(root)
        slow = make.build(root, options.lessons, options.remeasure)
    except LookupError as problem:
        return trouble(problem.args[0], 2)
    except BuildError as problem:
        return trouble(problem)
    for sentence in slow:
        print(f"TOO SLOW  {sentence}", file=sys.stderr)
    return bool(slow) and not options.allow_slow


def check_(options):
    from course_lib.tools.check import check

    try:
        return check(options.exercises)
    except LookupError as problem:
        return trouble(problem.args[0], 2)


def doctor(options):
    from course_lib.tools import doctor

    return doctor.examine()


def progress_(options):
    from course_lib.tools import progress

    return progress.reset(options.yes) if options.reset else progress.show()


def serve_(options):
    from course_lib.tools import serve as start

    return start.serve(options)


if __name__ == "__main__":
    sys.exit(main())
