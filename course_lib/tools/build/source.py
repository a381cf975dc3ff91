"""Lesson sources: `lessons/<n>_<chapter>/<n>_<m>_<name>.py`, cells in the percent format under a YAML header."""

import difflib
import re

from course_lib.tools.build import BuildError

NAME = re.compile(r"(?P<chapter>\d+)_(?P<lesson>\d+)_\w+")
HEADER = re.compile(r"# ---\n(.*?)# ---\n", re.DOTALL)
KEYS = {"title": str, "question": str, "needs": list, "exercises": list}


class Lesson:
    """One lesson: `number` "1.1", `place` "1_training/1_1_forward_propagation", `title`, `question`, `needs` (numbers
    of other lessons), `exercises` (ids), `cells` (as in a notebook)."""

    def __init__(self, path, header):
        self.path = path
        self.place = f"{path.parent.name}/{path.stem}"
        self.order = tuple(int(part) for part in path.stem.split("_")[:2])
        self.number = "{}.{}".format(*self.order)
        self.title, self.question = header["title"], header["question"]
        self.needs, self.exercises = header["needs"], header["exercises"]

    @property
    def full_title(self):
        return f"{self.number} {self.title}"

    @property
    def cells(self):
        import jupytext

        return jupytext.read(self.path).cells[1:]  # the first one is the header

    def notebook(self, kind):
        """Where its notebook of this kind stands, from the top folder: "notebooks/1_training/1_1_….ipynb"."""
        return f"{kind}/{self.place}.ipynb"


def read(path):
    """The lesson in one file."""
    import yaml

    match = NAME.fullmatch(path.stem)
    if not match or not path.parent.name.startswith(match["chapter"] + "_"):
        raise BuildError(f"{path}: a lesson's file is called lessons/<n>_<chapter>/<n>_<m>_<name>.py.")
    header = HEADER.match(path.read_text(encoding="utf-8"))
    if not header:
        raise BuildError(
            f"{path}: the header is missing. A lesson begins with a YAML header, in comments between # --- and # ---."
        )
    course = (yaml.safe_load(re.sub(r"^# ?", "", header[1], flags=re.MULTILINE)) or {}).get("course")
    for key, kind in KEYS.items():
        if not isinstance(course, dict) or not isinstance(course.get(key), kind):
            raise BuildError(f"{path}: the header's `course:` needs {key!r}, a {'list' if kind is list else 'text'}.")
    if unknown := set(course) - set(KEYS):
        raise BuildError(
            f"{path}: the header's `course:` has {', '.join(map(repr, unknown))}; known are {', '.join(KEYS)}."
        )
    return Lesson(path, course)


def lessons(root):
    """All lessons of a course, in their order."""
    found = sorted((read(path) for path in (root / "lessons").glob("*/*.py")), key=lambda lesson: lesson.order)
    numbers = [lesson.number for lesson in found]
    if twice := {n for n in numbers if numbers.count(n) > 1}:
        raise BuildError(f"Two lessons have the number {', '.join(sorted(twice))}.")
    return found


def choose(all_lessons, wanted):
    """Those asked for by number ("1.1"), chapter ("1"), name, or the path of a source or notebook; else all."""
    chosen = []
    for word in wanted:
        stem = re.split(r"[\\/]", word.strip("/\\"))[-1].removesuffix(".py").removesuffix(".ipynb")
        hits = [x for x in all_lessons if stem in (x.number, x.number.split(".")[0], x.path.stem, x.path.parent.name)]
        if not hits:
            known = [x.number for x in all_lessons] + [x.path.stem for x in all_lessons]
            near = difflib.get_close_matches(stem, known, n=3, cutoff=0.4) or known
            raise LookupError(f"There is no lesson {word!r}. Did you mean {', '.join(near)}?")
        chosen += hits
    return [x for x in all_lessons if x in chosen] if wanted else all_lessons
