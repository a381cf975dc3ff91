"""Where the course lies on this machine, and where its repository is."""

import pathlib
import tempfile
import tomllib

HOME = pathlib.Path(__file__).resolve().parents[1]  # what course_lib lies in, here or where packages are installed
PARTS = ("lessons", "course_lib", "pyproject.toml")  # what a copy of the course has in its top folder


class CourseNotFound(Exception):
    """There is no copy of the course around; the message says how to get one."""


def root(start=None):
    """The course's top folder: the one around `start` (else around the current folder), else the one we run from."""
    try:
        here = pathlib.Path(start or pathlib.Path.cwd()).resolve()
    except OSError:  # the current folder was removed
        here = HOME
    for folder in (here, *here.parents, HOME):
        if all((folder / part).exists() for part in PARTS):
            return folder
    raise CourseNotFound(
        f"The course's notebooks are neither in {here} nor above it, and course_lib runs from {HOME}, which has none. "
        f"Get a copy (`git clone {repository()}`), go into it, and run the command again."
    )


def writable(folder):
    """Whether files can be written into `folder`, or where it would be made: tried, not asked for.

    A copy of the course may lie on a medium, a share or in an image where nobody writes, or on a full disk, which still
    makes files and lets nothing into them.
    """
    try:
        folder = pathlib.Path(folder).absolute()
        with tempfile.TemporaryFile(dir=next(p for p in (folder, *folder.parents) if p.exists())) as file:
            file.write(b"." * 4096)
            file.flush()
            return True
    except OSError:
        return False


def project(folder=None):
    """The table [project] of a pyproject.toml, else of that of the course that we run from."""
    return tomllib.loads((pathlib.Path(folder or HOME) / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def repository(folder=None):
    """The repository's address, from the one place where it stands: [project.urls] in pyproject.toml."""
    folder = pathlib.Path(folder or HOME)
    if (folder / "pyproject.toml").exists():
        return project(folder)["urls"]["Repository"]
    import importlib.metadata  # an installed copy carries the address in its metadata

    urls = importlib.metadata.metadata("course-lib").get_all("Project-URL")
    return next(url.partition(", ")[2] for url in urls if url.startswith("Repository, "))
