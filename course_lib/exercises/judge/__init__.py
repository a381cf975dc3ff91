"""Right or wrong, and which mistake: an answer is admitted, run, compared, recognized.

verdict     all of it in order
admission   is there an answer, and can it be called?
run         on copies, inside a limit, with everything it may touch put back
compare     when two results are the same
recognize   which mistake of the author's gives the learner's numbers
slips       which small change mends the learner's own source
mutants     small changes of a function
explain     the words for a wrong answer
source      the text of a function
"""
