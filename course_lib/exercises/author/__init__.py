"""For whoever writes an exercise: the checks of the checks."""
