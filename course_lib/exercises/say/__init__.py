"""What a learner is told.

words       values, shapes and kinds as a learner would write them
patterns    how two arrays of numbers differ
diagnosis   a wrong result in words, from the numbers
trouble     an exception in words, with the learner's line
result      the verdict as it is shown
"""
