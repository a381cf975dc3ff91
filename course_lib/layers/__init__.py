"""Layers with Keras's names, arguments, shapes and weight order."""

from course_lib import left_out
from course_lib.layers.activation import ELU, Activation, LeakyReLU, ReLU, Softmax
from course_lib.layers.base import Layer
from course_lib.layers.bidirectional import Bidirectional
from course_lib.layers.convolution import Conv1D, Conv2D
from course_lib.layers.dense import Dense
from course_lib.layers.dropout import Dropout, GaussianNoise, SpatialDropout1D, SpatialDropout2D
from course_lib.layers.embedding import Embedding
from course_lib.layers.input import Input
from course_lib.layers.masking import Masking
from course_lib.layers.normalization import BatchNormalization, LayerNormalization, RMSNormalization
from course_lib.layers.passes import Pass
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
from course_lib.layers.rescaling import Rescaling
from course_lib.layers.reshaping import Flatten, Permute, RepeatVector, Reshape
from course_lib.layers.residual import Residual
from course_lib.layers.resizing import UpSampling1D, UpSampling2D, ZeroPadding1D, ZeroPadding2D
from course_lib.layers.time_distributed import TimeDistributed
from course_lib.registry import Registry

registry = Registry(
    "layers",
    "layer",
    Layer,
    [Input, Dense, Activation, ReLU, LeakyReLU, ELU, Softmax, Embedding, Masking]
    + [Residual, Bidirectional, TimeDistributed]
    + [Dropout, SpatialDropout1D, SpatialDropout2D, GaussianNoise]
    + [Flatten, Reshape, Permute, RepeatVector, Rescaling]
    + [UpSampling1D, UpSampling2D, ZeroPadding1D, ZeroPadding2D, Conv1D, Conv2D]
    + [MaxPooling1D, MaxPooling2D, AveragePooling1D, AveragePooling2D]
    + [GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalAveragePooling1D, GlobalAveragePooling2D]
    + [BatchNormalization, LayerNormalization, RMSNormalization, SimpleRNN, LSTM, GRU],
)

# Keras knows these under a second name.
InputLayer, Convolution1D, Convolution2D = Input, Conv1D, Conv2D
MaxPool1D, MaxPool2D, AvgPool1D, AvgPool2D = MaxPooling1D, MaxPooling2D, AveragePooling1D, AveragePooling2D
GlobalMaxPool1D, GlobalMaxPool2D = GlobalMaxPooling1D, GlobalMaxPooling2D
GlobalAvgPool1D, GlobalAvgPool2D = GlobalAveragePooling1D, GlobalAveragePooling2D

__getattr__ = left_out.absent("layers")
