"""Where the course lies on this machine, and where its repository is."""

import pathlib
import tomllib

HOME = pathlib.Path(__file__).resolve().parents[1]  # what course_lib lies in, here or where packages are installed
PARTS = ("lessons", "course_lib", "pyproject.toml")  # what a copy of the course has in its top folder


class CourseNotFound(Exception):
    """There is no copy of the course around; the message says how to get one."""


def root(start=None):
    """The course's top folder: the one around `start` (else around the current folder), else the one we run from."""
    here = pathlib.Path(start or pathlib.Path.cwd()).resolve()
    for folder in (here, *here.parents, HOME):
        if all((folder / part).exists() for part in PARTS):
            return folder
    raise CourseNotFound(
        f"The course's notebooks are neither in {here} nor above it, and course_lib runs from {HOME}, which has none. "
        f"Get a copy (`git clone {repository()}`), go into it, and run the command again."
    )


def repository(folder=None):
    """The repository's address, from the one place where it stands: [project.urls] in pyproject.toml."""
    folder = pathlib.Path(folder or HOME)
    if (folder / "pyproject.toml").exists():
        return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Repository"]
    import importlib.metadata  # an installed copy carries the address in its metadata

    urls = importlib.metadata.metadata("course-lib").get_all("Project-URL")
    return next(url.partition(", ")[2] for url in urls if url.startswith("Repository, "))
