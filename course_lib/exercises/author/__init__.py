"""For whoever writes an exercise: the checks of the checks.

audit      what must hold for every exercise of the bank
mutants    small changes of a reference, which the cases should notice
"""
