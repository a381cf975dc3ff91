"""Links inside the course: does each lead to a file that is there, and to a heading that stands in it?

    sections(text)["Two-layers"]         # what stands under the heading "Two layers"
    broken(root, "docs/coverage.md")     # sentences, one for each link that leads nowhere

A heading's anchor is its text with a dash for every blank, as JupyterLab and GitHub make it for notebooks. (On Colab
the link opens the notebook at its start.) Links to a heading of a plain page are not looked at: there are none.
"""

import json
import re
from urllib.parse import unquote

FENCE = re.compile(r"^(```|~~~).*?^\1 *$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
LINK = re.compile(r"\]\(([^()\s]+)\)")
MARKUP = re.compile(r"[`*]|\[(?=.*?\]\()|\]\(.*?\)")


def anchor(heading):
    """
    >>> anchor("What `fit` does")
    'What-fit-does'
    """
    return MARKUP.sub("", heading).strip().replace(" ", "-")


def headings(text):
    """All headings, as they are written."""
    return [heading[1] for heading in HEADING.finditer(FENCE.sub("", text))]


def sections(text):
    """{anchor: text up to the next heading, the heading included}; of two equal headings the first, as in a browser."""
    text = FENCE.sub("", text)
    starts = list(HEADING.finditer(text))
    ends = [heading.start() for heading in starts[1:]] + [len(text)]
    found = {}
    for heading, end in zip(starts, ends):
        found.setdefault(anchor(heading[1]), text[heading.start() : end])
    return found


def markdown(path):
    """The text of a page; of a notebook, that of all its Markdown cells."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    cells = json.loads(text)["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def broken(root, name, text=None):
    """Sentences about the links of a page that lead nowhere: `name`, from the top folder; `text`, if not yet there."""
    path, said = root / name, []
    for link in LINK.findall(FENCE.sub("", markdown(path) if text is None else text)):
        if re.match(r"[a-z]+:", link):  # https:, mailto:
            continue
        file, _, fragment = unquote(link).partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists():
            said.append(f"{name}: the link to {link} leads to no file.")
        elif fragment and target.suffix == ".ipynb":
            own = text if target == path and text is not None else markdown(target)
            if fragment not in sections(own):
                said.append(f"{name}: the link to {link} leads to no heading. There are: {', '.join(sections(own))}.")
    return said
