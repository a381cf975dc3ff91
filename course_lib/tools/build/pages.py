"""The pages that are made without running anything: README.md in parts; docs/ engines, coverage and keras whole."""

from course_lib import place
from course_lib.tools.build import coverage, keras_page, readme, real_engines, source


def pages(root, every=None, repository=None):
    """{path: text} of each page as it should be."""
    made = {
        root / "README.md": readme.written(root, every or source.lessons(root), repository or place.repository(root))
    }
    if real_engines.results(root).exists():
        made[real_engines.path(root)] = real_engines.page(root)
    if coverage.path(root).exists():
        made[coverage.path(root)] = coverage.page(root)
    if keras_page.programs(root):
        made[keras_page.path(root)] = keras_page.page(root)
    return made


def write(root, every=None, repository=None):
    for path, text in pages(root, every, repository).items():
        if not is_written(path, text):
            path.write_text(text, encoding="utf-8", newline="\n")


def is_written(path, text):
    return path.exists() and path.read_text(encoding="utf-8") == text
