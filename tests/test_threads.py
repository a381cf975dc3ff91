"""Threads need no lock: what a model keeps of a call belongs to that call, whoever trains or evaluates beside it."""

import sys
import threading

import numpy as np
from every_kind import X, Y, compiled, every_kind

from course_lib import Sequential, layers, metrics, utils
from course_lib.callbacks import LambdaCallback

RNG = np.random.default_rng(0)


def in_threads(ask, count):
    """Run ask(0), ask(1), … at once, with many changes of thread inside each pass."""
    threads = [threading.Thread(target=ask, args=(k,)) for k in range(count)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)


def test_eight_threads_predict_on_one_model_without_a_lock_and_each_gets_its_own_answers():
    model = every_kind()
    parts = [RNG.normal(size=(3 + k, 5, 4)).astype("float32") for k in range(8)]
    expected = [model.predict(part) for part in parts]
    wrong, barrier = [], threading.Barrier(8)

    def ask(k):
        barrier.wait()
        for _ in range(50):
            if not np.array_equal(model.predict(parts[k]), expected[k]) or not np.array_equal(
                model(parts[k]), expected[k]
            ):
                wrong.append(k)

    in_threads(ask, 8)
    assert wrong == []


def test_eight_threads_that_ask_a_new_model_first_build_it_once():
    for _ in range(5):
        model = Sequential([layers.Dense(300, kernel_initializer="orthogonal"), layers.Dense(3)])
        threads = [threading.Thread(target=model.predict, args=(X[:, 0],)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(model.weights) == 4 and model.count_params() == 5 * 300 + 301 * 3


def test_eight_threads_evaluate_one_model_and_each_gets_its_own_numbers():
    def certainty(y_true, y_pred):
        return y_pred.max(axis=-1)

    model = every_kind()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy", certainty])
    parts = [(X[:n], Y[:n], 3) for n in range(3, 24, 3)] + [(X, Y, 7)]
    expected = [model.evaluate(x, y, size, verbose=0) for x, y, size in parts]
    got = [[] for _ in parts]

    def ask(k):
        x, y, size = parts[k]
        for _ in range(20):
            got[k].append(model.evaluate(x, y, size, verbose=0))

    in_threads(ask, len(parts))
    assert all(answer == expected[k] for k in range(len(parts)) for answer in got[k])


def test_a_callback_that_evaluates_within_an_epoch_does_not_change_what_fit_tells():
    def trained(*callbacks):
        model = compiled()
        utils.set_random_seed(6)
        return model.fit(X, Y, batch_size=8, verbose=0, callbacks=[make(model) for make in callbacks]).history

    def evaluates(model):
        return LambdaCallback(on_train_batch_end=lambda batch, logs: model.evaluate(X[:5], Y[:5], verbose=0))

    assert trained(evaluates) == trained()


def test_the_metric_objects_of_compile_show_what_was_evaluated_last():
    accuracy = metrics.SparseCategoricalAccuracy()
    model = every_kind()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=[accuracy])
    loss, share = model.evaluate(X, Y, verbose=0)
    assert accuracy.result() == share and model.metrics == [accuracy]


def test_training_goes_on_where_another_model_takes_up_its_layers_in_between():
    """What shares the layers moves their weights into its own vector; the next step finds them."""

    def trained(*callbacks):
        utils.set_random_seed(1)
        model = Sequential([layers.Input((4,)), layers.Dense(8, "tanh"), layers.Dense(3, "softmax")])
        model.compile("adam", "sparse_categorical_crossentropy")
        seen = [make(model) for make in callbacks]
        return model.fit(X[:, 0], Y, epochs=4, batch_size=8, verbose=0, callbacks=seen).history["loss"]

    def extractor(model):
        return LambdaCallback(on_epoch_end=lambda epoch, logs: Sequential(model.layers[:-1]).predict(X[:, 0]))

    def outer(model):
        return LambdaCallback(on_epoch_end=lambda epoch, logs: Sequential([layers.Input((4,)), model]))

    assert trained(extractor) == trained(outer) == trained()
