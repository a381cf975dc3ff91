"""Keras, imported without noise."""

import os

QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",  # TensorFlow's C++ messages: errors only
    "TF_ENABLE_ONEDNN_OPTS": "0",  # oneDNN announces itself, and sums in another order
}


def quiet_keras():
    """The module `keras`, on TensorFlow, without a line on the screen.

    The settings count only before TensorFlow is first imported, so call this before anything else imports it.
    """
    os.environ.update(QUIET)
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import keras

    return keras
