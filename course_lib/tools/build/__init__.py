"""From lesson sources and the exercise bank to executed notebooks: `course build`.

source           read a lesson's source: its header and its cells
anchors          whether links inside the course lead anywhere
addresses        Colab, Binder, neighbours
needs            what Colab lacks for a notebook, and the first cell that installs it
notebook         the three notebooks of a lesson, not yet executed, in a stable form
kernel           the surroundings in which notebooks run
execute          run a notebook on a fresh kernel and keep what it says, in a stable form
times            how long notebooks take, coarsely
readme           the parts of README.md that are made
real_engines     docs/real-engines.md, from what the tests have found
coverage         docs/coverage.md, where each word of the founding document is taught
keras_page       docs/keras.md, from the library's own names and what it leaves out
pages            all of them, written and looked at
check            what no longer fits its source, found without running anything
make             all of it in order
"""

KINDS = ("notebooks", "exercises", "solutions")  # the folders of what is made, in the order of making


class BuildError(Exception):
    """Something in a lesson or an exercise is not as it must be; the message says what and where."""
