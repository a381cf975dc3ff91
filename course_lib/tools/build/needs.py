"""Which packages a notebook needs beside the course, and which of them Colab lacks: what its first cell installs.

A notebook *uses* the modules that it imports from; of a module that is used, everything that it imports is used, also
inside its functions, and so is a module that it names as a text, to run it as a process of its own. A package that is
only the parent of what is used is *loaded*: what stands at the top of its files counts, what its functions do does not.
"""

import ast
import functools
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
LIBRARY = HERE.parents[1]
COLAB = HERE / "colab.txt"
COMES_WITH = {"starlette": "fastapi", "pydantic": "fastapi", "IPython": "ipywidgets", "traitlets": "ipywidgets"}
# Colab's page draws widgets itself and fits its own version of ipywidgets; another one would show nothing there.
COLABS_OWN = {"ipywidgets"}
MODULE = re.compile(r"course_lib(\.\w+)+")
MACHINE = {"sys_platform": "linux", "platform_machine": "x86_64"}


def lacking(codes, project, colab=None):
    """The requirements, with their bounds, that Colab does not meet for a notebook of these cells' texts.

    project: the table [project] of pyproject.toml. colab: {package: version}, else Colab's published list.
    """
    from packaging.utils import canonicalize_name

    colab = colab_versions() if colab is None else colab
    wanted = []
    for line, requirement in requirements(imported(codes), project):
        have = colab.get(canonicalize_name(requirement.name).removesuffix("-cpu"))
        if requirement.name not in COLABS_OWN and (have is None or have not in requirement.specifier):
            wanted.append(line)
    return sorted(wanted)


def first_cell(repository, lacking=()):
    """The text of a notebook's first code cell. lacking: requirements that Colab's own packages do not meet."""
    quoted = " ".join(f'"{requirement}"' for requirement in lacking)
    return (
        "# On Colab this installs the course, and what else is needed here; elsewhere it does nothing.\n"
        "import importlib.util\n"
        "\n"
        'if importlib.util.find_spec("course_lib") is None:\n'
        f'    %pip install --quiet --no-deps "course-lib @ git+{repository}"'
        + (f"\n    %pip install --quiet {quoted}" if lacking else "")
    )


def colab_versions(path=COLAB):
    """{package: version} that Colab publishes; the file's first lines say from where and when."""
    from packaging.utils import canonicalize_name

    lines = path.read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(name): version for name, sep, version in (x.partition("==") for x in lines) if sep}


def requirements(modules, project):
    """[(its text without the marker, requirement)] of what brings these modules; LookupError where nothing does."""
    from packaging.requirements import Requirement

    known = {}
    for line in project["dependencies"]:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(MACHINE):
            name = requirement.name.removesuffix("-cpu").replace("-", "_")
            known[name] = line.partition(";")[0].strip(), requirement
    found = {}
    for module in sorted(modules):
        name = COMES_WITH.get(module, module)
        if name not in known:
            raise LookupError(f"{module} is imported, and no dependency in pyproject.toml brings it.")
        found[name] = known[name]
    return list(found.values())


def imported(codes):
    """The names of the modules from elsewhere that a notebook of these cells' texts needs."""
    outside, seen = set(), set()
    tree = ast.parse("\n".join(map(plain, codes)))
    waiting = [(name, True) for name in _named(tree, True, outside)]
    while waiting:
        name, used = waiting.pop()
        if (name, used) in seen:
            continue
        seen.add((name, used))
        if parent := name.rpartition(".")[0]:
            waiting.append((parent, False))
        waiting += [(found, used) for found in [*_named(_tree(name), used, outside), *_gathered(name)]]
    return outside - set(sys.stdlib_module_names)


def plain(code):
    """A cell's text as Python: without its magics."""
    return "\n".join(line for line in code.splitlines() if not line.lstrip().startswith(("%", "!")))


def _named(tree, used, outside):
    """The course's modules that a file imports or names; those from elsewhere are added to `outside`."""
    for node in _nodes(tree, everywhere=used):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            targets = [_defined(node.module, alias.name) for alias in node.names]
        elif used and isinstance(node, ast.Constant) and isinstance(node.value, str) and MODULE.fullmatch(node.value):
            targets = [node.value] if _path(node.value) else []
        else:
            continue
        for target in targets:
            if target.partition(".")[0] == "course_lib":
                yield target
            else:
                outside.add(target.partition(".")[0])


def _nodes(tree, everywhere):
    """All nodes of a file, or those outside functions; what stands under `except ImportError` can be done without."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Try) and any("ImportError" in ast.unparse(h.type or node) for h in node.handlers):
            continue
        yield node
        if everywhere or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _nodes(node, everywhere)


def _defined(module, name):
    """The module in which `name`, imported from `module`, is defined: where a package only gathers it, further down."""
    if module.partition(".")[0] != "course_lib":
        return module
    if _path(f"{module}.{name}"):
        return f"{module}.{name}"
    for node in _tree(module).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return _defined(node.module, alias.name)
    for part in _gathered(module):
        if any(isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name for node in _tree(part).body):
            return part
    return module


def _gathered(module):
    """The files of a package that gathers them by itself, with `rooms.defined`, and names none of them."""
    if "rooms.defined(" not in _path(module).read_text(encoding="utf-8"):
        return []
    return [f"{module}.{file.stem}" for file in sorted(_path(module).parent.glob("[!_]*.py"))]


@functools.cache
def _tree(module):
    return ast.parse(_path(module).read_text(encoding="utf-8"))


def _path(module):
    """The file of one of the course's modules; None where there is no such."""
    stem = LIBRARY.joinpath(*module.split(".")[1:])
    return next((p for p in (stem / "__init__.py", stem.with_suffix(".py")) if p.is_file()), None)
