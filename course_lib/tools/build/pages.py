"""The pages that are made without running anything: README.md in parts; docs/ engines, coverage and keras whole."""

from course_lib import place
from course_lib.tools.build import coverage, engines, keras_programs, readme, source


def pages(root, every=None, repository=None):
    """{path: text} of each page as it should be."""
    made = {
        root / "README.md": readme.written(root, every or source.lessons(root), repository or place.repository(root))
    }
    if engines.results(root).exists():
        made[engines.path(root)] = engines.page(root)
    if coverage.path(root).exists():
        made[coverage.path(root)] = coverage.page(root)
    if keras_programs.programs(root):
        made[keras_programs.path(root)] = keras_programs.page(root)
    return made


def write(root, every=None, repository=None):
    for path, text in pages(root, every, repository).items():
        if not is_written(path, text):
            path.write_text(text, encoding="utf-8", newline="\n")


def is_written(path, text):
    return path.exists() and path.read_text(encoding="utf-8") == text
