"""How much Python one call takes: which functions it runs, and how often."""

import collections
import pathlib
import sys


def python_calls(function, *args):
    """Which Python functions one call of `function(*args)` runs, and how often: a `Counter` {"module.name": times}.

    Its `total()` says how much Python a call takes, whatever the machine. The call happens twice, and the second
    counts: the first may compile or build what later ones find ready. Functions written in C are not seen.
    """
    seen = collections.Counter()

    def look(frame, event, _):
        if event == "call":
            code = frame.f_code
            seen[f"{pathlib.Path(code.co_filename).stem}.{code.co_qualname}"] += 1

    function(*args)
    before = sys.getprofile()
    sys.setprofile(look)
    try:
        function(*args)
    finally:
        sys.setprofile(before)
    return seen
