"""Input: the shape of one example, said before the first layer."""

from course_lib.layers.base import Layer


class Input(Layer):
    """Says the shape of one example: `Input(shape=(1000,))`. It computes nothing."""

    def __init__(self, shape, **kwargs):
        super().__init__(**{**kwargs, "input_shape": shape})

    def forward(self, x, run):
        return x

    def backward(self, dy, run):
        return dy

    def get_config(self):
        config = super().get_config()
        return {**config, "shape": config.pop("input_shape")}
