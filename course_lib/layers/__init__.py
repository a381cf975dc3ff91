"""Layers with Keras's names, arguments, shapes and weight order."""

from course_lib import left_out
from course_lib.layers.base import Layer
from course_lib.layers.convolution import Conv1D, Conv2D
from course_lib.layers.core import Activation, Dense, Dropout, Flatten, Input, Reshape, Residual
from course_lib.layers.embedding import Embedding
from course_lib.layers.normalization import BatchNormalization, LayerNormalization, RMSNormalization
from course_lib.layers.passes import INFERENCE, Pass
from course_lib.layers.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    MaxPooling1D,
    MaxPooling2D,
)
from course_lib.layers.recurrent import GRU, LSTM, SimpleRNN

__getattr__ = left_out.absent("layers")
