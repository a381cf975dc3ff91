"""A model as a service: versions on disk, versions in memory, the protocol, the server, and a process for it.

    from course_lib import serving

    repository = serving.publish_classifier("models")       # the classifier, versions 1 and 2
    with serving.Server(repository) as server:              # a process of its own, on a free port of this machine
        print(server.url)

`course serve` is the same from a terminal. What the server speaks: the Open Inference Protocol v2, over HTTP.
"""

from course_lib.serving.clients import Clients
from course_lib.serving.examples.classifier import publish_classifier
from course_lib.serving.examples.neuron import publish_neuron
from course_lib.serving.http.server import Server, ServerError
from course_lib.serving.models.repository import Repository
