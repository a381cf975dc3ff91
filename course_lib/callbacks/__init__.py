"""Callbacks with Keras's names, arguments and decisions.

    model.fit(x, y, callbacks=[ReduceLROnPlateau(patience=3), EarlyStopping(patience=8, restore_best_weights=True)])

The hooks and the history stand in `base`, rates by epoch in `schedules`, the state machine of reduce-on-plateau in
`plateau`, what ends training in `stopping`, what keeps the model or the history in files in `checkpoint` and
`csv_logger`.
"""

from course_lib import left_out
from course_lib.callbacks.base import Callback, CallbackList, History, LambdaCallback, ProgressBar
from course_lib.callbacks.checkpoint import ModelCheckpoint
from course_lib.callbacks.csv_logger import CSVLogger
from course_lib.callbacks.monitor import improves
from course_lib.callbacks.plateau import Plateau, ReduceLROnPlateau
from course_lib.callbacks.schedules import LearningRateScheduler
from course_lib.callbacks.stopping import EarlyStopping, TerminateOnNaN

__getattr__ = left_out.absent("callbacks")
