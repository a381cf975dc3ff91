"""Mutants of a reference: a small change that no case notices shows a hole in the cases.

Source: DeMillo, Lipton and Sayward, 1978, Hints on Test Data Selection.
"""

import ast

from course_lib.exercises.judge.contract import Answer
from course_lib.exercises.judge.small_changes import small_changes, variations


def mutants(function: Answer) -> list[tuple[str, Answer]]:
    """[(what was changed, the changed function)] for a plain function, each with one change."""
    found = {}
    for _, node, after, made in variations(function, small_changes):
        text = f"{ast.unparse(node)} -> {after}"
        while text in found:
            text += " (again)"
        found[text] = made
    return list(found.items())
