"""Answers that were written before the checks first saw them, in sets; each set's file says how its first run went."""

WRONG, RIGHT, SAYS = [], [], {}


def wrong(exercise_id, says=""):
    """An answer that must be rejected; `says` are words of the message that name its cause or point at its line."""
    return lambda fn: WRONG.append((exercise_id, fn)) or SAYS.update({fn: says}) or fn


def right(exercise_id):
    """An answer that must be accepted."""
    return lambda fn: RIGHT.append((exercise_id, fn)) or fn
