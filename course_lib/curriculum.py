"""The table of all lessons: what each asks, what is built in it, and what it stands on.

    find("1.1").question
    exists("1.1")                   # whether its notebook or its source is here yet
    prerequisites("1.3")            # every lesson under it, in order

A lesson's own header repeats title, question and needs (`tests/test_curriculum.py` holds the two together).
"""

from collections import namedtuple
from pathlib import Path

from course_lib import place

Chapter = namedtuple("Chapter", "number title chinese")
Lesson = namedtuple("Lesson", "number title question builds needs")

CHAPTERS = (
    Chapter("0", "Start here", "开始"),
    Chapter("1", "Training", "模型训练"),
    Chapter("2", "Inference", "模型推理"),
    Chapter("3", "Deployment", "模型部署"),
    Chapter("4", "Optimization", "模型优化"),
    Chapter("5", "Distribution", "分布式计算"),
    Chapter("6", "Frontiers", "未来趋势"),
    Chapter("7", "Bringing it together", "融会贯通"),
)

# fmt: off
LESSONS = tuple(
    Lesson(number, title, question, builds, tuple(needs.split()))
    for number, title, needs, question, builds in [
        ("0.1", "Start here", "",
         "What happens between data and an answer?",
         "A text classifier, trained with Keras, and with course_lib by changing the imports: the same curve twice."),

        ("1.1", "Forward propagation", "0.1",
         "A network turns a row of numbers into an answer. Which sums does it do on the way?",
         "A neuron, a layer, a network; every shape known before it runs."),
        ("1.2", "Losses", "1.1",
         "How does a network learn how wrong it is, in one number?",
         "Squared error and the cross-entropies, and a softmax that survives scores of 1,000."),
        ("1.3", "Backpropagation", "1.2",
         "Which of 67,000 weights is to blame for the error, and by how much?",
         "The chain rule node by node, then in matrices; a gradient check; a tape that does it alone."),
        ("1.4", "Gradient descent", "1.3",
         "Knowing the slope, how far should one step, and when stop?",
         "The four-step loop with its stopping rule; learning rates too small, right and too large."),
        ("1.5", "The whole program", "1.4",
         "What do compile, fit, evaluate and predict really do?",
         "The training loop by hand, equal to Keras epoch by epoch; validation, history, saving."),
        ("1.6", "Architectures and activations", "1.5",
         "Dense, convolutional or recurrent, ReLU or GELU: what does the choice change?",
         "Three architectures on the same data; initialization and vanishing gradients, measured layer by layer."),
        ("1.7", "Attention and a tiny GPT", "1.6",
         "How does a word know which other words to listen to?",
         "Tokens, embeddings, causal attention head by head, and a small GPT trained from scratch."),

        ("2.1", "From training to predicting", "1.5",
         "The model is trained. What changes when it only answers?",
         "Training and inference mode; latency and throughput against batch size, with percentiles."),
        ("2.2", "Generating text", "1.7 2.1",
         "The model gives a probability to every next token. Which one should be said?",
         "Greedy, temperature, top-k and top-p sampling under sliders."),
        ("2.3", "The KV cache", "2.2",
         "Why compute the whole sentence again for every new word?",
         "A cache of keys and values: bytes and FLOPs counted, cached equal to uncached."),
        ("2.4", "Many requests at once", "2.3",
         "A hundred people ask at the same time. Who waits for whom?",
         "Static, dynamic and continuous batching, drawn from a real log; the roofline of your machine."),

        ("3.1", "Packaging", "2.1",
         "What must travel with the weights for the answers to stay the same?",
         "Weights, architecture, preprocessing and signature in four formats, compared by answer, size and speed."),
        ("3.2", "A model behind HTTP", "3.1",
         "How does a function in a notebook become an address that anyone can call?",
         "A real server with validation, health checks and an open protocol."),
        ("3.3", "Under load", "3.2",
         "How many requests a second can it take before somebody waits too long?",
         "Dynamic batching, queue limits and back-pressure; percentiles against queueing theory."),
        ("3.4", "Tokens as a service", "2.4 3.3",
         "How does a language model answer many people while it is still thinking?",
         "Streaming, time to first token, continuous batching, the price of a million tokens."),
        ("3.5", "Operating it", "3.3",
         "How do you notice that a running model has become worse, and go back?",
         "Metrics, logs, drift detection; canary, shadow and rollback without losing a request."),

        ("4.1", "Batches and noise", "1.5",
         "Why learn from 32 examples when you have thousands?",
         "Full, mini-batch and stochastic gradient descent: noise, and time to a target."),
        ("4.2", "Momentum to Adam", "4.1",
         "What does an optimizer remember, and why does it help?",
         "SGD, momentum, Nesterov, Adagrad, RMSprop, Adam and AdamW, racing on one surface."),
        ("4.3", "Learning rates that move", "4.2",
         "When should the learning rate change, and who decides?",
         "Step, cosine, warm-up, one-cycle, and the state machine of reduce-on-plateau."),
        ("4.4", "Hyperparameters", "4.3",
         "How do you search among settings that each cost a training run?",
         "Grid, random, successive halving and Bayesian search, each with its bill."),
        ("4.5", "Structure", "1.6 4.2",
         "Which parts of a network earn their place?",
         "Normalization, dropout, decay, residuals, width and depth in one ablation table."),
        ("4.6", "Quantization", "2.1",
         "How few bits does a weight need?",
         "int8 and int4 with their scales and outliers: from rounding error to lost accuracy."),
        ("4.7", "Pruning, distillation, LoRA", "4.6",
         "How small can a model become and still be right?",
         "Three ways to a smaller model, on one frontier of size against accuracy."),

        ("5.1", "MapReduce", "1.4",
         "How do a hundred machines count together without losing count?",
         "Five steps, word count, and the gradient as a MapReduce job; a worker that fails."),
        ("5.2", "Spark", "5.1",
         "What if the data is larger than any memory, and a machine is lost half-way?",
         "A small RDD with lineage, then Spark itself; the classifier's features prepared in it."),
        ("5.3", "Data parallel", "4.1 5.1",
         "How do several workers train one model and end with the same weights?",
         "All-reduce as a star, a tree and a ring, over real processes."),
        ("5.4", "Splitting the model", "1.7 5.3",
         "What if the model itself does not fit on one machine?",
         "Tensor and pipeline parallelism, sharded optimizer states, a memory calculator."),
        ("5.5", "Compute", "2.4 5.3",
         "CPU, GPU or TPU: which limit do you hit first, and what does it cost?",
         "Roofline, precision, interconnect, energy; from your laptop's numbers to a cluster's."),

        ("6.1", "Scale", "1.7 4.3",
         "Can you tell how good a larger model will be before training it?",
         "Twenty tiny models, a power law with error bars, a held-out prediction."),
        ("6.2", "Many modalities", "1.7",
         "How can a picture and a sentence be compared at all?",
         "A tiny image–text model with a contrastive loss; zero-shot and retrieval."),
        ("6.3", "Interpretability", "1.6",
         "Why did the model answer this, and how would you know that the reason is true?",
         "Gradients, integrated gradients, occlusion, probes, and checks against randomized weights."),

        ("7.1", "How to choose", "1.6 4.5 5.5",
         "Which optimizer, activation, loss, architecture and machine should you take?",
         "An interactive guide in which every answer links to the experiment behind it."),
        ("7.2", "Capstone", "3.5 4.7 5.3",
         "Can you take one model from raw data to a watched service?",
         "Data in Spark, training on several workers, compression, export, serving, load test: one table."),
    ]
)
# fmt: on


def find(number):
    """The lesson with this number, such as "1.1"."""
    for lesson in LESSONS:
        if lesson.number == number:
            return lesson
    raise KeyError(f"There is no lesson {number!r}. The course has {LESSONS[0].number} to {LESSONS[-1].number}.")


def prerequisites(number):
    """Every lesson that this one stands on, directly or through others, in the course's order."""
    found, waiting = set(), list(find(number).needs)
    while waiting:
        need = waiting.pop()
        if need not in found:
            found.add(need)
            waiting.extend(find(need).needs)
    return [lesson.number for lesson in LESSONS if lesson.number in found]


def notebook(number, root=place.HOME):
    """The path of a lesson's notebook, or None where it has not been built."""
    return _first(Path(root) / "notebooks", number, "ipynb")


def exists(number, root=place.HOME):
    """Whether a lesson is there: as a notebook, or as the source from which its notebook is built."""
    return notebook(number, root) is not None or _first(Path(root) / "lessons", number, "py") is not None


def _first(folder, number, suffix):
    return min(folder.glob(f"*/{number.replace('.', '_')}_*.{suffix}"), default=None)
