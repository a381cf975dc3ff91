"""The bridge to Keras: twin models, weights both ways, and tables that hold the two engines against each other.

    keras = parity.quiet_keras()                # Keras without TensorFlow's start-up messages
    twin = parity.keras_twin(model)             # the same model in Keras, with the same weights
    parity.side_by_side(model, twin, x)         # outputs of both, and their largest difference
    parity.compare(model, x, y)                 # outputs, loss, gradients, one step, 100 steps, saved and reloaded
    model = parity.from_keras(keras_model)      # the other way round

Keras is imported when one of these is called, not before. `compare` is the table of the lessons and the assertion of
the tests.
"""

from course_lib.parity.engine import quiet_keras
from course_lib.parity.tables import Comparison, compare, relative_difference, side_by_side
from course_lib.parity.twins import copy_weights, from_keras, keras_twin
