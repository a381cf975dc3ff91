"""Backpropagation one node at a time: values on the way forward, gradients on the way back, a fork in between."""

from course_lib import plots
from course_lib.autodiff import Value
from course_lib.text.numbers import number
from course_lib.widgets.base import Choice, CourseWidget, Slider, script, stylesheet

TARGET = 4.0
MAIN = {"w·x": (1, 1), "z": (2, 1), "h": (3, 1), "y": (4, 0), "e": (5, 0), "L": (6, 0), "b": (1, 2), "−t": (4, 1)}


def weight_twice(w, x, b, t):
    """One weight in two layers: y = w · relu(w·x + b)."""
    z = neuron_sum(w, x, b)
    h = named(z.relu(), "h")
    return squared_error(named(w * h, "y"), t)


def input_twice(w, x, b, t):
    """A way around the neuron: y = x + tanh(w·x + b)."""
    z = neuron_sum(w, x, b)
    h = named(z.tanh(), "h")
    return squared_error(named(x + h, "y"), t)


def sum_twice(w, x, b, t):
    """A sum that opens its own gate: y = z · sigmoid(z), z = w·x + b. Keras calls it silu."""
    z = neuron_sum(w, x, b)
    h = named(z.sigmoid(), "h")
    return squared_error(named(z * h, "y"), t)


def neuron_sum(w, x, b):
    return named(named(w * x, "w·x") + b, "z")


def squared_error(y, t):
    return named(named(y + t, "e") ** 2, "L")


def named(value, label):
    value.label = label
    return value


# name → how it is made, which value forks, and where its nodes stand: label → (column, row)
EXPRESSIONS = {
    "w · relu(wx + b)": (weight_twice, "w", {**MAIN, "w": (0, 0), "x": (0, 2)}),
    "x + tanh(wx + b)": (input_twice, "x", {**MAIN, "x": (0, 0), "w": (0, 2)}),
    "z · sigmoid(z)": (
        sum_twice,
        "z",
        {**MAIN, "w": (0, 0), "x": (0, 2), "h": (3, 2), "y": (4, 1), "e": (5, 1), "L": (6, 1), "−t": (4, 0)},
    ),
}
OPERATIONS = 6  # of each expression, so there are as many steps forward, and as many back
OPERATION_NAMES = {"+": "sum", "×": "product", "^2": "square"}


class GraphStepper(CourseWidget):
    """(y − t)² of a small expression: steps 1 to 6 compute its values, steps 7 to 12 the gradients.

    It opens before the first step; its static figure shows the graph after the last.
    """

    _esm = script("graph_stepper")
    _css = stylesheet("graph_stepper")
    controls = (
        Choice("expression", "expression", tuple(EXPRESSIONS), "w · relu(wx + b)"),
        Slider("w", "w", -3, 3, 0.5, 2),
        Slider("x", "x", -3, 3, 0.5, 1),
        Slider("b", "b", -3, 3, 0.5, -0.5),
        Slider("step", "step", 0, 2 * OPERATIONS, 1, 0),
    )

    def __init__(self, **values):
        super().__init__({"operations": OPERATIONS}, **values)

    def graph(self, expression, w, x, b):
        """The graph after `backward`, with a `column` and a `row` on each node."""
        make, _, places = EXPRESSIONS[expression]
        loss = make(Value(w, "w"), Value(x, "x"), Value(b, "b"), Value(-TARGET, "−t"))
        loss.backward()
        graph = loss.graph()
        for node in graph["nodes"]:
            node["column"], node["row"] = places[node["label"]]
        return graph

    def compute(self, expression, w, x, b, step):
        graph = self.graph(expression, w, x, b)
        nodes, edges = graph["nodes"], graph["edges"]  # made anew at each call, so they may be changed
        made = [node for node in nodes if node["op"]]  # in the order of making
        back = list(reversed(made))
        forward, backward = min(step, OPERATIONS), max(step - OPERATIONS, 0)
        for node in made[forward:]:
            node["value"] = None
        visited = {node["id"] for node in back[:backward]}
        now = back[backward - 1]["id"] if backward else made[forward - 1]["id"] if forward else None
        arrived = {node["id"]: None for node in nodes}
        products = []
        for edge in edges:
            source, target = nodes[edge["source"]], nodes[edge["target"]]
            edge["now"] = target["id"] == now
            edge["fork"] = source["label"] == EXPRESSIONS[expression][1]
            if target["value"] is None:
                edge["local"] = None
            if target["id"] in visited:
                before = arrived[source["id"]]
                arrived[source["id"]] = (before or 0.0) + edge["flow"]
                if edge["now"]:
                    products.append((edge, source, before))
            else:
                edge["flow"] = None
        if backward:
            arrived[nodes[-1]["id"]] = 1.0
        said = self.say(nodes, now, products, arrived)
        for node in nodes:
            node["gradient"] = arrived[node["id"]]
        return {"nodes": nodes, "edges": edges, "now": now, "said": said}

    def say(self, nodes, now, products, arrived):
        """Lines for the node at work: what it computed, or which products it sent on."""
        if now is None:
            return ["The inputs are given. Step 1 computes the first product."]
        node = nodes[now]
        if not products:
            operation = OPERATION_NAMES.get(node["op"], node["op"])
            return [
                f"Forward, {node['label']} = {number(node['value'])}: the {operation} of what leads to it. "
                f"On each of these edges it notes a local derivative, for the way back."
            ]
        arriving = arrived[now]
        lines = [
            f"Backward from {node['label']}. Arriving from above: {number(arriving)}"
            + (", since L moves with itself one to one." if now == len(nodes) - 1 else ".")
        ]
        for edge, source, before in products:
            product = f"local {number(edge['local'])} × arriving {number(arriving)} = {number(edge['flow'])}"
            line = f"To {source['label']}: {product}"
            total = number((before or 0.0) + edge["flow"])
            lines.append(
                f"{line}, added to {number(before or 0.0)}" + (f", makes {total}." if before is not None else ".")
            )
        return lines

    def describe(self, result, step, **settings):
        way = "before the first step" if not step else f"step {step} of {2 * OPERATIONS}"
        given = ", ".join(f"{name} {number(settings[name])}" for name in ("w", "x", "b"))
        return f"{settings['expression']} with {given}, {way}: {' '.join(result['said'])}"

    def static(self):
        settings = {control.name: control.default for control in self.controls}
        result = self.compute(**{**settings, "step": 2 * OPERATIONS})
        fork = EXPRESSIONS[settings["expression"]][1]
        flows = [edge["flow"] for edge in result["edges"] if edge["fork"]]
        return plots.value_graph(
            result, title=f"{fork} is used twice, so two gradients arrive: {number(sum(flows))} in all"
        )
