# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# course:
#   title: A model behind HTTP
#   question: How does a function in a notebook become an address that anyone can call?
#   needs: ["3.1"]
#   exercises: [deployment.infer_request, deployment.read_response, deployment.status_code, deployment.switch]
# ---

# %% [markdown]
# # 3.2 A model behind HTTP
#
# **How does a function in a notebook become an address that anyone can call?**
#
# After this lesson you can
#
# - write a request to a model and read its answer, down to the bytes that travel,
# - tell from a status code who has to mend what, and find out what a server checks in which order,
# - replace a model while it is being asked, without losing a request, and prove it.
#
# You need: the classifier of [lesson 0.1](../0_start/0_1_start_here.ipynb), which reads 1,000 word counts, and one neuron of [lesson 1.1](../1_training/1_1_forward_propagation.ipynb). And one word: a *package* is a folder that holds a trained model, the vocabulary that belongs to it, and a note of what it takes and gives.

# %% [markdown]
# **Model deployment** (模型部署) brings a trained model to where it is used: into a system of other programs, on other machines and in other languages, that ask it for predictions. The usual door is HTTP, the protocol of web pages.
#
# ## Guess first
#
# On an ordinary machine the classifier computes some 15 microseconds for one description. Now it stands in a server on the same machine, and you send it the 1,000 counts as text, over HTTP; no cable is in between. **How many times as long as its own computation does the answer take: about 2, 10, 50 or 250?**

# %%
guess = None        # for example: guess = 2

# %% [markdown]
# ## A function that takes text
#
# The neuron reads how often three words occur: *game*, *library*, *level*. Its weights are 1, −1 and 2, its bias −1, its activation `relu`. For "game game level", by hand: $2\cdot1 + 0\cdot(-1) + 1\cdot2 - 1 = 3$.

# %%
import numpy as np


def neuron(x):
    return np.maximum(x @ [[1.0], [-1.0], [2.0]] - 1.0, 0)


neuron(np.array([[2, 0, 1]]))

# %% [markdown]
# A program elsewhere cannot call this function. All that travels between two programs is bytes, so both must agree on how an array is written. The agreement used here is the **Open Inference Protocol** (开放推理协议), which several widely used model servers speak. In it a tensor has four fields:

# %%
import json

tensor = {"name": "counts", "datatype": "FP32", "shape": [1, 3], "data": [2, 0, 1]}
body = json.dumps({"inputs": [tensor]})
print(body)

# %% [markdown]
# Read aloud: *the input called `counts`, 32-bit floating point numbers, one row of three, and these are its elements, row after row.* This is the **body** (请求体) of the request. Before it HTTP wants a **head**: a line that says what is asked of whom, some **headers**, and an empty line.

# %%
def as_request(body):
    head = ["POST /v2/models/neuron/infer HTTP/1.1", "Host: localhost", "Connection: close"]
    return "\r\n".join([*head, f"Content-Length: {len(body.encode())}", "", body])


print(as_request(body).replace("\r\n", "\n"))

# %% [markdown]
# You could type this. `POST` means: here is something for you to work on. The **path** `/v2/models/neuron/infer` names the model and what to do with it. `Content-Length` counts the bytes of the body, for the reader cannot know where it ends. Each line of the head ends with two signs, `\r\n`.

# %% [markdown]
# ## A server from scratch
#
# A **server** (服务器) waits for a connection, reads such a text, calls a function, and writes a text back:

# %%
import socket


def serve_one(listener, answer):
    connection, _ = listener.accept()                       # waits here until somebody calls
    with connection, connection.makefile("rb") as sent:
        sent.readline()                                     # POST /v2/… HTTP/1.1
        lines = iter(sent.readline, b"\r\n")                # line after line, up to the empty one
        headers = dict(line.decode().lower().split(":", 1) for line in lines)
        fields = json.loads(sent.read(int(headers["content-length"])))
        body = json.dumps(answer(fields))
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())

# %% [markdown]
# The function that it calls unpacks the tensor, asks the neuron, and packs the result in the same four fields:

# %%
def answer(fields):
    given = fields["inputs"][0]
    y = neuron(np.reshape(given["data"], given["shape"]))
    made = {"name": "evidence", "datatype": "FP32", "shape": list(y.shape), "data": y.ravel().tolist()}
    return {"outputs": [made]}


answer(json.loads(body))

# %% [markdown]
# The server waits in a thread beside this notebook. The client opens a connection to it, sends the bytes of the text above, and reads what comes back. 127.0.0.1 is the machine's own address, which nobody outside can reach; port 0 asks the system for a free **port** (端口), the number of a door at that address.

# %%
from concurrent.futures import ThreadPoolExecutor


def send(port, request):
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(request.encode())
        return client.makefile().read()


beside = ThreadPoolExecutor()
listener = socket.create_server(("127.0.0.1", 0))
our_port = listener.getsockname()[1]

# %%
beside.submit(serve_one, listener, answer)
our_reply = send(our_port, as_request(body))
print(our_reply)

# %% [markdown]
# 3.0: a model behind HTTP. **An address is a function that takes text and returns text.** Whoever can send this text, in whatever language, has called the neuron.
#
# Now somebody leaves out a number:

# %%
def changed(**fields):
    return json.dumps({"inputs": [{**tensor, **fields}]})


served = beside.submit(serve_one, listener, answer)
print("the client got:", repr(send(our_port, as_request(changed(data=[2, 0])))))
print("the server had:", repr(served.exception()))

# %% [markdown]
# The client got nothing, not even a *no*. Is the mistake its own? Should it try again? It cannot tell. And that is not all that is missing:
#
# | our ten lines | a real server |
# |---|---|
# | one client at a time, one request each | many connections at once, each open for many requests (`uvicorn`) |
# | the path is read and thrown away | each path has its function (`FastAPI`) |
# | the body is believed | every field is checked; a refusal says what is wrong, with a status |
# | one model, for ever | packages on disk, checked and switched while it runs |
# | waits for ever, takes any size | limits of bytes and seconds |
# | nobody can look at it | health, metrics, a log |

# %% [markdown]
# ## The real server
#
# It serves packages. First the neuron becomes one, with its three words and its **signature** (签名), the note of what it takes and gives:

# %%
from course_lib import serving
from course_lib.notebook import hold_against, show_source

show_source(serving.publish_neuron)

# %%
import tempfile

folder = tempfile.TemporaryDirectory()
repository = serving.publish_neuron(folder.name)
for file in sorted(repository.path.rglob("*.*")):
    print(file.relative_to(repository.path).as_posix())

# %% [markdown]
# Model, version, files; with `checksums.json` the server notices if one of them is changed later. Beside it comes the classifier, trained here and now: version 1 has seen the training descriptions once, version 2 three times.

# %%
serving.publish_classifier(folder.name).versions("classifier")

# %% [markdown]
# And here is the server. It is what `course serve` starts in a terminal, here in a process of its own beside the notebook, so that it can answer while a cell computes. It takes the newest version of each model.

# %%
server = serving.Server(repository)
server.models

# %% [markdown]
# The same text as before goes to it. (The answer also carries the date; that line is left out here.)

# %%
reply = send(server.port, as_request(body))
print("\n".join(line for line in reply.splitlines() if not line.startswith("date")))

ours, theirs = (json.loads(text.split("\n\n")[1]) for text in (our_reply, reply))
print("the same outputs, field by field:", ours["outputs"] == theirs["outputs"])

# %% [markdown]
# ## Call it as others would
#
# **From a terminal**, with `curl`. (Where `curl` is missing, this cell says so, and the next one does the same in Python.)

# %% tags=["nbval-ignore-output"]
import shutil
import subprocess

address = f"{server.url}/v2/models/neuron/infer"
if shutil.which("curl"):
    command = ["curl", "--silent", "--noproxy", "*", "--data", body, address]
    print(subprocess.run(command, capture_output=True, text=True).stdout)
else:
    print("curl is not installed on this machine.")

# %% [markdown]
# **From Python**, with the standard library alone. This time not the counts are sent, but the text:

# %%
import http.client


def ask(path, body="", method="POST"):
    connection = http.client.HTTPConnection(server.address)
    connection.request(method, path, body)
    response = connection.getresponse()
    return response.status, response.read().decode()


text = {"name": "text", "datatype": "BYTES", "shape": [1], "data": ["A game of games. Next game: level 2"]}
print(*ask("/v2/models/neuron/infer", json.dumps({"inputs": [text]})))

# %% [markdown]
# Check it: *game* twice (*games* is another word), *level* once, so 3 again. The step from text to counts, the **preprocessing** (预处理), lies in the package: its vocabulary says that column 0 is *game*. A client that counted with a vocabulary of its own would be wrong without a word of warning as soon as the two differ.
#
# **From a client that nobody here wrote**: `tritonclient`, made for NVIDIA's Triton server. It asks about 100 descriptions at once, and its answers are held against the same model without any server.

# %%
import tritonclient.http as triton

from course_lib.data import load_text
from course_lib.models import load_model

_, (x_test, y_test) = load_text()
models = {v: load_model(repository.path / "classifier" / v / "model.npz") for v in ("1", "2")}

client = triton.InferenceServerClient(server.address)
rows = triton.InferInput("counts", [100, 1000], "FP32")
rows.set_data_from_numpy(x_test[:100])
result = client.infer("classifier", [rows])

# %% [markdown]
# What comes back is an array, and for each row a label: the **postprocessing** (后处理), from the largest probability to the name of its class, lies in the package too.

# %%
here, there = models["2"](x_test[:100]), result.as_numpy("probabilities")
print("shape", there.shape, "  equal to 6 decimals:", np.abs(here - there).max() < 1e-6)
print("labels:", [name.decode() for name in result.as_numpy("label")[:5]])

# %% [markdown]
# How did that client know what to send? It can ask. Every model tells its signature, and the server tells how it is. Two questions that sound alike:
#
# - **live**: does the process answer at all? If not, start it anew.
# - **ready**: can it be asked now? If not, send the requests elsewhere for a while.

# %%
for entry in client.get_model_metadata("classifier")["inputs"]:
    print(entry)
print("live:", client.is_server_live(), "  ready:", client.is_server_ready())
for version in ("1", "2"):
    print(f"classifier, version {version}, ready:", client.is_model_ready("classifier", version))

# %% [markdown]
# −1 stands for any number of rows. Version 1 lies on the disk, but it is not loaded. (While the server runs, the page `/docs` at its address lists everything that it can be asked: open what `server.url + "/docs"` says in a browser.)

# %% [markdown]
# ## Turn the knob: a request's journey
#
# A request passes eight stations in the server: six checks, the model, and the writing of the answer. Below is its text; edit the body and choose the model in the path. The server's own code answers, only the network is left out.
#
# **At how many of the eight stations can you make a request end? And can you make the server itself fail, with a status of 500?**

# %%
from course_lib.widgets import RequestJourney

journey = RequestJourney()
journey

# %% [markdown]
# All eight. One way for each, now sent over HTTP to the real server:

# %%
wrong = {
    "another version": ("neuron/versions/2", body),
    "a bracket left out": ("neuron", body[:-1]),
    "counts misspelt": ("neuron", changed(name="count")),
    "a row without its axis": ("neuron", changed(shape=[3])),
    "a number left out": ("neuron", changed(data=[2, 0])),
    "a million rows": ("neuron", changed(shape=[1_000_000, 3])),
    "a label wanted": ("neuron", json.dumps({"inputs": [tensor], "outputs": [{"name": "label"}]})),
    "counts and text": ("neuron", json.dumps({"inputs": [tensor, text]})),
    "numbers too large": ("neuron", changed(data=[3e38, 0, 1e38])),
}

# %%
from textwrap import indent, wrap

replies = {name: ask(f"/v2/models/{model}/infer", sent) for name, (model, sent) in wrong.items()}
for name, (status, reply) in replies.items():
    print(f"{status}  {name}")
    print(indent("\n".join(wrap(json.loads(reply)["error"], 95)), 5 * " "))

# %% [markdown]
# Each refusal says what was given, what was expected, and what to do. The **status code** (状态码) says it for programs:
#
# | | who has to act | here |
# |---|---|---|
# | 2xx | nobody | 200 |
# | 4xx | **the client**: the request must change | 400 not right, 404 not there, 413 too large |
# | 5xx | **the server**: the request may be right | 503 takes too long now, or not ready; 500 a mistake in the server itself |
#
# A client that sees 503 waits and tries again; after a 400 the same request would only fail again. What is cheap to check comes first, so that nonsense costs little: the million rows are refused for what their shape promises, before anybody counts the numbers.

# %%
from course_lib import plots
from course_lib.serving.journey import STATIONS

ends = {name: journey.sent_to(model, sent) for name, (model, sent) in wrong.items()}
print("the widget said the same, word for word:", all(ends[k].answer.body.decode() == replies[k][1] for k in wrong))
plots.journeys([(name, end.station, end.status) for name, end in ends.items()], [station.name for station in STATIONS])

# %% [markdown]
# No 500. It would mean a mistake in this course's code; its tests send the server several hundred requests of random JSON and random bytes to find one.

# %% [markdown]
# ## Watch it
#
# At `/metrics` the server tells what it has counted so far, in the form that the monitor Prometheus collects every few seconds. A **counter** (计数器) only grows, so one look says little; what matters is the difference of two. Between these two, three requests go in, one of them wrong:

# %%
def look():
    lines = ask("/metrics", method="GET")[1].splitlines()
    return {name: float(n) for name, n in (line.rsplit(" ", 1) for line in lines if line.startswith("inference"))}


def grown(before):
    return {name: n - before.get(name, 0) for name, n in look().items() if n > before.get(name, 0)}


before = look()
for sent in (body, body, changed(data=[2, 0])):
    ask("/v2/models/neuron/infer", sent)
for name, n in grown(before).items():
    if name.startswith("inference_requests_total"):
        print(f"{name}  + {n:.0f}")

# %% [markdown]
# One line for each model, version and status: if the share of 400 rises after a release, look for a client that has not heard of the new signature.
#
# Durations go into a **histogram** (直方图). It does not keep them; it counts how many took *at most* 1 ms, 2.5 ms, and so on (`le` is "less or equal"). Four clients ask the classifier for a second, each as soon as its last answer is there. Bounds that add no request are left out.

# %% tags=["measured"]
import time

bodies = [changed(shape=[1, 1000], data=row.tolist()).encode() for row in x_test[:200]]
before = look()
with serving.Clients(server.address, "/v2/models/classifier/infer", bodies) as clients:
    time.sleep(1)
more, below = grown(before), 0
for name, n in more.items():
    if name.startswith("inference_seconds_bucket") and n > below:
        print(f"{name[24:]:12} {n / more['inference_seconds_count']:6.1%} of {more['inference_seconds_count']:.0f}")
        below = n

# %% [markdown]
# Where the share passes one half lies the median, where it passes 99 percent the slow end. Both are known no closer than the bounds are, but at the price of 14 numbers, however many requests there were. The server's clock starts when the head of a request has been read: what a client waits before that is not in it.

# %% [markdown]
# ## Replace the model
#
# A new version has been trained. How does it get into service? Two requests do it: `load`, and `rollback` (回滚) for the way back. First by hand, from version 2 to 1 and back; the last number is the probability of the class that description 7 belongs to:

# %%
def probability():
    outputs = json.loads(ask("/v2/models/classifier/infer", bodies[7])[1])["outputs"]
    return round(outputs[0]["data"][y_test[7]], 3)


print("as it was", probability())
for action in ("load?version=1", "rollback"):
    print(action, *ask(f"/v2/repository/models/classifier/{action}"), probability())

# %% [markdown]
# `load` reads a version beside the one in service, checks its files, lets it answer once, and only then puts it in the other's place. The obvious other way is to stop the server and to start it anew. Try both while four clients keep asking, from version 1 to version 2. First the restart, which takes the newest:

# %% tags=["measured"]
ask("/v2/repository/models/classifier/load?version=1")
with serving.Clients(server.address, "/v2/models/classifier/infer", bodies) as restarted:
    time.sleep(0.8)
    began = restarted.now
    server.stop()
    server = serving.Server(repository, port=server.port)
    restarts = [(began, restarted.now, "stop, then start")]
    time.sleep(0.8)

# %% [markdown]
# Then the switch, 1 → 2, and the way back. It is watched as long as the restart was.

# %% tags=["measured"]
ask("/v2/repository/models/classifier/load?version=1")
third, switches = restarted.seen[-1].end / 3, []
with serving.Clients(server.address, "/v2/models/classifier/infer", bodies) as switched:
    for action in ("load?version=2", "rollback"):
        time.sleep(third)
        began = switched.now
        ask(f"/v2/repository/models/classifier/{action}")
        switches.append((began, switched.now, action))
    time.sleep(third)

# %% tags=["measured"]
def bars(clients, zero=0.0, scale=1):
    return [
        (one.client, scale * (one.start - zero), scale * (one.end - zero), one.status and one.fields["model_version"])
        for one in clients.seen
    ]


plots.lanes(
    {"stopped and started anew": (bars(restarted), restarts), "switched while it runs": (bars(switched), switches)},
    "A restart loses requests, a switch loses none",
)

# %% [markdown]
# A client whose connection is refused tries again after 10 ms; each orange stroke is one such refusal. Is "none" true? And did each answer come from the version that it names? Both versions are here, so every single answer can be held against them:

# %%
expected = {v: model(x_test[:200]) for v, model in models.items()}


def own(one):
    given = one.fields["outputs"][0]["data"]
    return np.abs(expected[one.fields["model_version"]][one.which] - given).max() < 1e-6


print("restart: somebody found nobody there:", any(one.status is None for one in restarted.seen))
print("switch:  every request was answered: ", all(one.status == 200 for one in switched.seen))
print("         each by its own version, equal to 6 decimals:", all(own(one) for one in switched.seen))
print("         and the two versions differ: ", np.abs(expected["1"] - expected["2"]).max() > 0.1)

# %% [markdown]
# Closer, around the moment of the switch. Each bar is one request:

# %% tags=["measured"]
began, ended, action = switches[0]
plots.lanes(
    {"": (bars(switched, zero=began, scale=1000), [(0, 1000 * (ended - began), action)])},
    "A request keeps the version that it began with", "ms", window=(-20, 1000 * (ended - began) + 25),
)

# %% [markdown]
# In the grey the server reads version 2. A request may take longer meanwhile: a switch costs a little time, but no answer. The moment at which the server begins with a request settles who answers it: what version 1 has begun, version 1 finishes. It takes a little bookkeeping: each request holds a **lease** (租约) on the version it began with. At each end of a lease, and at each switch, the server asks of the old version:

# %%
from course_lib.serving.models.manager import ModelManager

show_source(ModelManager.release_unused)

# %% [markdown]
# ## Break it: 200 for a failure
#
# Some servers answer every request with 200 and write into the body whether it went well. Our ten lines do that now, and `tritonclient` asks them:

# %%
counts = triton.InferInput("counts", [1, 3], "FP32")
counts.set_data_from_numpy(np.float32([[2, 0, 1]]), binary_data=False)

beside.submit(serve_one, listener, lambda fields: {"error": "the model is not there"})
with triton.InferenceServerClient(f"127.0.0.1:{our_port}") as misled:
    result = misled.infer("neuron", [counts])
print(result.as_numpy("evidence"))

# %% [markdown]
# No error, and `None` for an answer; the program will stumble over it somewhere else. No retry happens, and no counter of failures moves. The real server, asked for a model that is not there:

# %%
client = triton.InferenceServerClient(server.address)
try:
    client.infer("nerve", [counts])
except triton.InferenceServerException as problem:
    print(type(problem).__name__, problem.status(), "·", problem.message())

# %% [markdown]
# **The status is the part of the answer that machines read.** If failures hide behind 200, look for an `error` in the body that no code looks at.

# %% [markdown]
# ## Break it: load the model for every request
#
# A handler that opens the model's file works, passes every test, and is found in many a first version:

# %% tags=["measured"]
from course_lib.meter import measure, table

path, row = repository.path / "classifier" / "2" / "model.npz", x_test[:1]
costs = {
    "model in memory": measure(models["2"], row, seconds=0.5),
    "loaded each time": measure(lambda: load_model(path)(row), seconds=0.5),
}
table(costs)

# %%
print("more than 10 times as long:", costs["loaded each time"].p50 > 10 * costs["model in memory"].p50)

# %% [markdown]
# The symptom: whatever is done to the layers, the answer gets no faster. This model has 66,474 numbers; a large one takes minutes to load.

# %% [markdown]
# ## What it costs
#
# First the bytes. Counts need not travel as JSON: the protocol also takes each number as its 4 bytes, behind the JSON; a header says where they begin. `tritonclient` does so by itself:

# %%
def as_bytes(x):
    rows = triton.InferInput("counts", list(x.shape), "FP32")
    rows.set_data_from_numpy(x)
    sent, json_length = client.generate_request_body([rows])
    return sent, {"Inference-Header-Content-Length": str(json_length)}


as_bytes(np.float32([[2, 0, 1]]))

# %% [markdown]
# So one description can travel as text, as 1,000 counts in JSON, or as bytes. For comparison, 1,000 numbers that are not whole:

# %%
from course_lib.data import text_examples

text["data"] = [text_examples("test")[7].text]
forms = {
    "text": (json.dumps({"inputs": [text]}).encode(), {}),
    "counts, JSON": (bodies[7], {}),
    "counts, bytes": as_bytes(x_test[7:8]),
}
for name, (sent, _) in forms.items():
    print(f"{name:15} {len(sent):6,} bytes")
fractions = np.random.default_rng(0).random((1, 1000), "float32")
print(f"{'fractions, JSON':15} {len(changed(shape=[1, 1000], data=fractions.ravel().tolist())):6,} bytes")

# %% [markdown]
# Then the time, in three parts: the model alone; reading and writing the body around it (`protocol.answer`, the code behind each `infer` path); and the rest, over a connection that stays open. Of each the fastest of very many tries, which other work on the machine disturbs least.

# %%
from course_lib.serving.protocol import messages as protocol

opened = ModelManager(repository)
version = opened.load("classifier")
connection = http.client.HTTPConnection(server.address)


def over_http(sent, headers):
    connection.request("POST", "/v2/models/classifier/infer", sent, headers)
    return connection.getresponse().read()


# %% tags=["measured"]
model, parts = measure(version.backend.predict, {"counts": x_test[7:8]}, seconds=0.3).fastest, {}
for name, (sent, headers) in forms.items():
    inside = measure(protocol.answer, version, sent, *headers.values(), seconds=0.3).fastest
    whole = measure(over_http, sent, headers, seconds=1.5).fastest
    parts[name] = {"the model": model, "the body": inside - model, "HTTP and a second process": whole - inside}
plots.request_cost(parts)

# %% tags=["measured"]
found = parts["counts, JSON"]
hold_against(guess, round(sum(found.values()) / found["the model"]), "times as long")

# %% [markdown]
# The model is the smallest part of its own service. That is so because it is small; for a model that computes for a second none of this matters. But here it says where to look: not at the layers. And several rows can share the way; ten cost about what one does:

# %% tags=["measured"]
fastest = {}
for n in (1, 10, 100):
    fastest[n] = measure(over_http, *as_bytes(x_test[:n]), seconds=1.5).fastest
    print(f"{n:4} rows: {1000 * fastest[n]:5.2f} ms a request, {1e6 * fastest[n] / n:6.0f} µs a row")

# %%
print("more than 10 times as long as the model alone:", all(sum(p.values()) > 10 * p["the model"] for p in parts.values()))
print("ten rows cost less than two requests of one:", fastest[10] < 2 * fastest[1])
print("among a hundred, a row costs less than a fifth:", fastest[100] / 100 < fastest[1] / 5)

# %% [markdown]
# A server that gathers the requests of *several* clients could give them the same price. That is the next lesson.

# %% [markdown]
# ## Stop it
#
# `stop` ends it gently: no new connection, requests under way are answered, exit code 0. And when the notebook's kernel is killed, so that nothing can be called any more? The server listens on a **pipe** (管道) whose other end the kernel holds. The system closes that end when the kernel dies, however it dies, and the server stops: it never keeps a port that nobody remembers.

# %%
print("exit code", server.stop())
try:
    ask("/v2/health/live", method="GET")
except ConnectionRefusedError as problem:
    print(type(problem).__name__)
listener.close()
folder.cleanup()

# %% [markdown]
# ## Remember
#
# - An address is a function that takes text and returns text. The head says who is asked and how long the body is; the body says name, datatype, shape and data of each tensor.
# - 4xx: the client must change something. 5xx: the server must. Never 200 for a failure, never a traceback for an answer.
# - A request keeps the version that it began with; the old version goes when its last lease ends. So a model can be replaced under load without losing one. Where it breaks: both versions are in memory for a moment, and if the signature changes with the version, clients break although no request is lost.
#
# Left out: everything that a server needs as soon as others than you can reach it (encryption, who may ask, who may switch versions); several processes behind one address; answers that come piece by piece (3.4).
#
# **Now you:** [exercises for this lesson](../../exercises/3_deployment/3_2_a_model_behind_http.ipynb).
#
# Sources: the [Open Inference Protocol](https://github.com/kserve/open-inference-protocol), version 2, REST. RFC 9110, *HTTP semantics* (2022), section 15, for the status codes, and RFC 9112, *HTTP/1.1*, for the form of the text. The Prometheus documentation on [metric types](https://prometheus.io/docs/concepts/metric_types/).
