"""What no longer fits its source, found without running anything: `course build --check`."""

import nbformat

from course_lib import place
from course_lib.tools.build import KINDS, anchors, notebook, pages, source


def problems(root, wanted=()):
    """Sentences, each with the command that mends it. All lessons, or those that are asked for."""
    every = source.lessons(root)
    chosen = source.choose(every, wanted)
    repository = place.repository(root)
    said = []
    for lesson in chosen:
        for kind, made in notebook.all_of(lesson, every, repository).items():
            name = lesson.notebook(kind)
            if difference := differs(made, root / name):
                said.append(f"{name}: {difference}. Run `course build {lesson.number}`.")
            else:
                said += anchors.broken(root, name)
    if not wanted:
        said += [f"{name} has no lesson source. Delete it, or add the source." for name in orphans(root, every)]
        for path, text in pages.pages(root, every, repository).items():
            name = path.relative_to(root).as_posix()
            if not pages.is_written(path, text):
                said.append(f"{name}: what is made in it is not up to date. Run `course build --pages`.")
            said += anchors.broken(root, name, text)
    return said


def differs(made, path):
    """In what the stored notebook differs from the one made of the source; empty when in nothing."""
    if not path.exists():
        return "it has not been built"
    text = path.read_text(encoding="utf-8")
    stored = nbformat.reads(text, as_version=4)
    for index, (new, old) in enumerate(zip(made.cells, stored.cells)):
        if (new.cell_type, new.source) != (old.cell_type, old.source):
            return f"cell {index} differs from its source"
        if (new.get("id"), new.metadata) != (old.get("id"), old.metadata):
            return f"the tags or the id of cell {index} differ from its source"
        if old.cell_type == "code" and old.execution_count is None:
            return f"cell {index} has never been executed"
    if len(made.cells) != len(stored.cells):
        return f"it has {len(stored.cells)} cells, its source makes {len(made.cells)}"
    if made.metadata != stored.metadata or notebook.text_of(stored) != text:
        return "it was saved by something else than the build"
    return ""


def orphans(root, every):
    """Notebooks that no lesson makes."""
    made = {lesson.notebook(kind) for lesson in every for kind in KINDS if kind == "notebooks" or lesson.exercises}
    found = (path.relative_to(root).as_posix() for kind in KINDS for path in (root / kind).rglob("*.ipynb"))
    return sorted(name for name in found if name not in made and ".ipynb_checkpoints" not in name)
