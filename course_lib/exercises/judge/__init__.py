"""Right or wrong, and which mistake: an answer is admitted, run, compared, recognized.

verdict        all of it in order
admission      is there an answer, and can it be called?
attempt        its trials, and what its calls may still cost
run            on copies, inside a budget, with everything it may touch put back
budget         seconds of the processor, and far beyond them of the wall
compare        when two results are the same
recognize      which mistake of the author's gives the learner's numbers
slips          which small change mends the learner's own source
small_changes  to a function, one at a time
explain        the words for a wrong answer
source         the text of a function
contract       what is asked of an exercise
"""
