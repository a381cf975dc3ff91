"""Large Models as a Service, from scratch: the course's library.

`import course_lib` loads NumPy and the engine, and nothing heavier. Keras, Spark, servers and plots are imported by the
rooms that use them: `course_lib.parity`, `course_lib.plots`, `course_lib.widgets`, …
"""

from course_lib import (
    activations,
    callbacks,
    initializers,
    layers,
    left_out,
    losses,
    metrics,
    models,
    optimizers,
    regularizers,
    utils,
)
from course_lib.initializers import Initializer
from course_lib.layers import Input, Layer
from course_lib.losses import Loss
from course_lib.metrics import Metric
from course_lib.models import Sequential
from course_lib.optimizers import Optimizer
from course_lib.regularizers import Regularizer

__version__ = "0.2.0"

__getattr__ = left_out.absent("")
