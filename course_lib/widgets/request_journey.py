"""The way of a request: edit its body, choose the version in its address, see which station of the server ends it."""

import tempfile

from course_lib import plots, serving
from course_lib.serving.journey import STATIONS, as_text, journey
from course_lib.serving.models.manager import ModelManager
from course_lib.widgets.base import Choice, CourseWidget, Text, script, stylesheet

BODY = """\
{"inputs": [
  {"name": "counts",
   "datatype": "FP32",
   "shape": [1, 3],
   "data": [2, 0, 1]}
]}"""
OTHERS = (  # beside the defaults in the static figure: a name, the address, the body
    ("a number left out", "neuron", BODY.replace("[2, 0, 1]", "[2, 0]")),
    ("version 2", "neuron/versions/2", BODY),
)


def neuron_in_memory():
    """The published neuron as the server has it: loaded, and nothing left on disk."""
    with tempfile.TemporaryDirectory() as folder:
        models = ModelManager(serving.publish_neuron(folder))
        models.load("neuron")
    return models


class RequestJourney(CourseWidget):
    """An address and a body → what the server's own code, without the network, makes of them."""

    _esm = script("request_journey")
    _css = stylesheet("request_journey")
    controls = (
        Choice("address", "model and version", ("neuron", "neuron/versions/1", "neuron/versions/2", "nerve"), "neuron"),
        Text("body", "the body of the request", 800, BODY),
    )

    def __init__(self, **values):
        self.models = neuron_in_memory()
        stations = [{"name": station.name, "asks": station.asks} for station in STATIONS]
        super().__init__({"stations": stations}, **values)

    def compute(self, address, body):
        found = self.sent_to(address, body)
        return {
            "station": found.station,
            "status": found.status,
            "answer": as_text(found),
            "function": found.function,
            "path": f"/v2/models/{address}/infer",
            "length": len(body.encode(errors="surrogatepass")),
        }

    def sent_to(self, address, body):
        """The `Journey` of a body to an address such as "neuron/versions/2"."""
        model, _, number = address.partition("/versions/")
        return journey(self.models, model, number or None, body.encode(errors="surrogatepass"))

    def describe(self, result, address, body):
        if result["station"] == len(STATIONS):
            return f"The request passes all {len(STATIONS)} stations: status {result['status']}."
        station = STATIONS[result["station"]].name
        return f"Station {result['station'] + 1} of {len(STATIONS)}, {station}, refuses it: status {result['status']}."

    def static(self):
        defaults = [control.default for control in self.controls]
        sent = [("the request as it stands", *defaults), *OTHERS]
        found = [(name, self.sent_to(address, body)) for name, address, body in sent]
        rows = [(name, end.station, end.status) for name, end in found]
        return plots.journeys(rows, [station.name for station in STATIONS])
