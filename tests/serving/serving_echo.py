"""Models without a file, to look at what surrounds a model: one gives back what it got, one takes as long as told."""

import threading

from patience import FAR

from course_lib.serving.models.manager import ModelManager
from course_lib.serving.models.repository import Package
from course_lib.serving.protocol.refusal import Refusal
from course_lib.serving.protocol.signature import Signature, Tensor
from course_lib.serving.protocol.tensors import DATATYPES


class Shelf:
    """A repository in memory: one model for each datatype, named after it, in versions 1 to 3."""

    def models(self):
        return sorted(DATATYPES)

    def versions(self, model):
        return [1, 2, 3]

    def open(self, model, version=None):
        if model not in DATATYPES:
            raise Refusal(f"There is no model {model!r}.", status=404)
        signature = Signature([Tensor("x", model, [-1, 3])], [Tensor("y", model, [-1, 3])])
        return Package(model, version or 3, None, signature, frozenset())


class Echo:
    """y = x."""

    platform = "echo"

    def __init__(self, package):
        self.version, self.closed = package.version, False

    def predict(self, inputs):
        assert not self.closed, "asked after it was released"
        return {"y": inputs["x"]}

    def close(self):
        assert not self.closed, "released twice"
        self.closed = True


class Slow(Echo):
    """y = x, as soon as the gate is open. A row of zeros, with which a version is tried out, passes at once."""

    def __init__(self, package):
        super().__init__(package)
        self.gate, self.reached = threading.Event(), threading.Semaphore(0)

    def predict(self, inputs):
        if inputs["x"].any():
            self.reached.release()
            assert self.gate.wait(FAR)
        return super().predict(inputs)


def models(kind=Echo, made=None):
    """A manager over the shelf; each backend that is made is appended to `made`."""

    def opener(name, package):
        backend = kind(package)
        if made is not None:
            made.append(backend)
        return backend

    return ModelManager(Shelf(), opener=opener)
