"""A scalar autodiff tape: numbers that remember how they were made, and can therefore say what they depend on.

    w, x, b = Value(2.0, "w"), Value(3.0, "x"), Value(-5.0, "b")
    loss = (w * x + b).tanh()
    loss.backward()
    w.grad                      # d loss / dw = (1 − tanh²(1)) · 3

Every operation writes its local derivative on the edge to each of its inputs, at the moment it computes its value.
Backward is then the chain rule and nothing else: walk from the result back to its inputs, and add, for each edge,
local derivative times the gradient of what it leads to. Where a value is used twice, both contributions add up.
Source: Linnainmaa, 1970 (reverse accumulation); Rumelhart, Hinton and Williams, 1986 (backpropagation).
"""

import itertools
import math
import numbers
import sys

_order_of_making = itertools.count()
_LARGEST_EXPONENT = math.log(sys.float_info.max)


class Value:
    """A number `data`, its gradient `grad` once `backward` has run, and `inputs`: pairs (value, local derivative)."""

    __array_ufunc__ = None  # so that np.float64(2) * value comes here, too

    def __init__(self, data, label="", op="", inputs=()):
        if not isinstance(data, numbers.Real) and getattr(data, "shape", None) != ():
            raise TypeError(f"Value got {data!r}, and holds one number. For arrays take one Value for each entry.")
        self.data, self.grad = float(data), 0.0
        self.label, self.op, self.inputs = label, op, tuple(inputs)
        self.number = next(_order_of_making)

    # ---- operations: value, name, and the local derivative on each edge

    def __add__(self, other):
        other = _as_value(other)
        return Value(self.data + other.data, op="+", inputs=[(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = _as_value(other)
        return Value(self.data * other.data, op="×", inputs=[(self, other.data), (other, self.data)])

    def __pow__(self, n):
        if isinstance(n, Value):
            raise TypeError(
                "Value ** Value is not on this tape; the exponent must be a plain number. Use (b * a.log()).exp()."
            )
        if self.data == 0 and n < 0:
            raise ZeroDivisionError("A Value of 0 in a denominator: add a small number to it, for instance 1e-12.")
        if self.data < 0 and n != int(n) or self.data == 0 and n < 1 and n != 0:
            raise ValueError(
                f"{self.data:g} ** {n:g} has no real value or no finite slope. Keep what stands under the exponent "
                f"above 0, for instance (x + 1e-12) ** {n:g}."
            )
        return Value(self.data**n, op=f"^{n:g}", inputs=[(self, n * self.data ** (n - 1) if n else 0.0)])

    def exp(self):
        if self.data > _LARGEST_EXPONENT:
            raise ValueError(
                f"exp of {self.data:g} is larger than any float. Subtract the largest of the values first."
            )
        y = math.exp(self.data)
        return Value(y, op="exp", inputs=[(self, y)])

    def log(self):
        if self.data <= 0:
            raise ValueError(
                f"log of {self.data:g}: only positive numbers have one. Clip the value, or work with logits."
            )
        return Value(math.log(self.data), op="log", inputs=[(self, 1 / self.data)])

    def tanh(self):
        y = math.tanh(self.data)
        return Value(y, op="tanh", inputs=[(self, 1 - y * y)])

    def sigmoid(self):
        y = 0.5 * (1 + math.tanh(0.5 * self.data))
        return Value(y, op="sigmoid", inputs=[(self, y * (1 - y))])

    def relu(self):
        return Value(max(self.data, 0.0), op="relu", inputs=[(self, 1.0 if self.data > 0 else 0.0)])

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -_as_value(other)

    def __truediv__(self, other):
        return self * _as_value(other) ** -1

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other):
        return _as_value(other) - self

    def __rtruediv__(self, other):
        return _as_value(other) / self

    # ---- the way back

    def history(self):
        """This value and all it was made from, in the order of making: inputs always stand before what uses them."""
        found, waiting = {self}, [self]
        while waiting:
            for value, _ in waiting.pop().inputs:
                if value not in found:
                    found.add(value)
                    waiting.append(value)
        return sorted(found, key=lambda value: value.number)

    def backward(self):
        """Put d self / d value into the `grad` of every value in `history`.

        What was made by an operation starts at 0 each time; a leaf keeps adding until `zero_grad`, as in training over
        several examples.
        """
        history = self.history()
        for value in history:
            if value.inputs:
                value.grad = 0.0
        self.grad += 1.0  # d self / d self
        for value in reversed(history):
            for source, local in value.inputs:
                source.grad += local * value.grad  # += : a value used twice is charged twice

    def zero_grad(self):
        """Set the gradient of every value in `history` to 0."""
        for value in self.history():
            value.grad = 0.0

    # ---- the picture

    def graph(self):
        """The graph as plain data: `{"nodes": […], "edges": […]}`.

        nodes, in the order of making: id, label, op ("" for a leaf), value, gradient, depth (0 for leaves; the longest
        way from one, for drawing). edges, in the order in which `backward` walks them: source, target, local
        (d target / d source), flow (what backward adds to the source: local · the target's gradient).
        """
        history = self.history()
        number = {value: i for i, value in enumerate(history)}
        depth = {}
        for value in history:
            depth[value] = 1 + max((depth[source] for source, _ in value.inputs), default=-1)
        nodes = [
            {"id": number[v], "label": v.label, "op": v.op, "value": v.data, "gradient": v.grad, "depth": depth[v]}
            for v in history
        ]
        edges = [
            {"source": number[source], "target": number[v], "local": local, "flow": local * v.grad}
            for v in reversed(history)
            for source, local in v.inputs
        ]
        return {"nodes": nodes, "edges": edges}

    def to_dot(self):
        """The graph in Graphviz's language: value and gradient in each box, the local derivative on each edge."""
        graph = self.graph()
        lines = ["digraph {", "  rankdir=LR; node [shape=box, fontname=monospace]; edge [fontname=monospace];"]
        for n in graph["nodes"]:
            name = " ".join(part for part in (n["label"].replace('"', r"\""), n["op"]) if part)
            lines.append(f'  n{n["id"]} [label="{name}\\nvalue {n["value"]:.4g}\\ngradient {n["gradient"]:.4g}"];')
        for e in graph["edges"]:
            lines.append(f'  n{e["source"]} -> n{e["target"]} [label="{e["local"]:.4g}"];')
        return "\n".join([*lines, "}"])

    def __repr__(self):
        return f"Value({self.data:.6g}, grad={self.grad:.6g}{', ' + repr(self.label) if self.label else ''})"


def _as_value(x):
    return x if isinstance(x, Value) else Value(x)
