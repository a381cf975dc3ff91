"""Layers with Keras's names, arguments, shapes and weight order."""

from course_lib.layers.base import Layer
from course_lib.layers.core import Activation, Dense, Dropout, Flatten, Input, Reshape, Residual
