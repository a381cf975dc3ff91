"""Large Models as a Service, from scratch: the course's library.

`import course_lib` loads NumPy and the engine, and nothing heavier. Keras, Spark, servers and plots are imported by the
rooms that use them: `course_lib.parity`, `course_lib.plots`, `course_lib.widgets`, …
"""

from course_lib import (
    activations,
    callbacks,
    initializers,
    layers,
    losses,
    metrics,
    models,
    optimizers,
    regularizers,
    utils,
)
from course_lib.layers import Input
from course_lib.models import Sequential

__version__ = "0.1.0"
