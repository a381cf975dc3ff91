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
#   title: MapReduce
#   question: How do a hundred machines count together without losing count?
#   needs: ["1.4"]
#   exercises: [distribution.shuffle, distribution.pairs_sent, distribution.mean_job, distribution.whole_gradient]
# ---

# %% [markdown]
# # 5.1 MapReduce
#
# **How do a hundred machines count together without losing count?**
#
# After this lesson you can
#
# - write a computation as two functions, map and reduce, and run it on several processes, of which one dies on the way,
# - count the bytes that travel between them, and say when a combiner saves any and when it makes the result wrong,
# - compute the gradient of a model from pieces of the data that lie on different machines, equal to the gradient in one piece.
#
# You need: the classifier of [lesson 0.1](../0_start/0_1_start_here.ipynb), and for the second half what a gradient is: one number for each weight, the slope of the loss, and in one step of training the weights move against it.

# %% [markdown]
# ## Guess first
#
# The classifier of lesson 0.1 was made from 5,000 descriptions of software: 340,344 words, 2.1 million bytes of text. Several machines read a part of them each, and send every word to the machine that counts this word. **How many bytes are sent?**

# %%
guess = None        # for example: guess = 1_000_000

# %% [markdown]
# ## Counting with cards
#
# Three lines of text, each on a machine of its own. The programmer writes two functions. A **mapper** reads one record, here a line, and yields cards, each with a **key** and a **value**. A **reducer** gets one key with *all* its values, wherever they came from, and returns one value.

# %%
lines = ["the dog saw the hen",
         "a hen saw the cat",
         "the cat saw a dog"]


def mapper(line):
    for word in line.split():
        yield word, 1


def reducer(word, counts):
    return sum(counts)

# %% [markdown]
# $$\text{map}: \text{record} \to [(k, v), \ldots] \qquad\qquad \text{reduce}: (k, [v, v', \ldots]) \to v''$$
#
# Read aloud: *a record becomes cards; all the cards with the same key become one.* Neither function knows how many machines there are, and that is the point of **MapReduce**: everything between the two is done for you. Here it is by hand, in the five steps of the **MapReduce algorithm** (MapReduce算法).
#
# **1. Distribute the data over several nodes.** (将数据分布到多个节点上) A *node* is a machine or a process; the three lines are distributed already.
#
# **2. Map on each node.** (在每个节点上进行Map操作) Each node has a **map task**, and needs to hear of no other:

# %%
mapped = [list(mapper(line)) for line in lines]
for task, cards in enumerate(mapped):
    print(f"map task {task}:", cards)

# %% [markdown]
# **3. Gather what Map made.** Short descriptions of the algorithm say: *on one node* (将Map操作的结果聚集到一个节点上). That node would have to hold all the cards while the others wait. Really they are gathered **by key, on several nodes**: each key belongs to one **partition** (分区), each partition to one reducer, and a rule that everybody knows says which. For instance, the remainder of a checksum of the word:

# %%
import zlib


def partition(word, reducers=2):
    return zlib.crc32(word.encode()) % reducers


{word: partition(word) for word in ("the", "dog", "saw", "hen", "a", "cat")}

# %% [markdown]
# Each card now travels to its reducer. This exchange, from every map task to every reducer, is the **shuffle** (混洗). On arrival the cards are **sorted**, so that equal keys lie next to each other; a reducer then never needs more than one key's cards at a time.

# %%
received = [[], []]
for cards in mapped:
    for word, one in cards:
        received[partition(word)].append((word, one))

for p, cards in enumerate(received):
    cards.sort()
    print(f"reducer {p}:", cards)

# %% [markdown]
# **4. Reduce on the nodes that gathered.** (在聚集节点上进行Reduce操作) **5. The result** (得到最终结果) is what all reducers have together.

# %%
from itertools import groupby

counts = {}
for cards in received:
    for word, same in groupby(cards, key=lambda card: card[0]):
        counts[word] = reducer(word, [value for _, value in same])
counts

# %% [markdown]
# Check one by hand: *the* stands twice in the first line and once in each other, so 4. In one picture; `trace` runs a job inside this notebook and keeps every card:

# %%
from course_lib import plots
from course_lib.distributed import mapreduce

plots.mapreduce_cards(mapreduce.trace(lines, mapper, reducer, partitions=2))

# %% [markdown]
# A card is written to a file as a key, a value and what Python needs to read them back: 22 bytes for `("the", 1)`.

# %% [markdown]
# ## Break it: everybody a rule of their own
#
# Why a checksum? Python has a function `hash` that makes a number of any key. But it mixes a secret **salt** into every string, a new one in each process. Ask two processes in which partition they would put the words (their salts are set to 1 and 2, so that your run prints what is printed here):

# %%
import json
import os
import subprocess
import sys

program = "import json; print(json.dumps({word: hash(word) % 2 for word in 'the dog saw hen a cat'.split()}))"
answers = []
for salt in ("1", "2"):
    said = subprocess.check_output([sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": salt})
    answers.append(json.loads(said))
    print(f"process {salt}:", answers[-1])

# %% [markdown]
# Let the first process send the first line, the second one the second line, each by its own answers:

# %%
from collections import Counter

reducers = [Counter(), Counter()]
for line, where in zip(lines, answers):
    for word in line.split():
        reducers[where[word]][word] += 1
for p, count in enumerate(reducers):
    print(f"reducer {p}:", dict(count))

# %% [markdown]
# *saw* and *hen* stand once in each line, and each of them was counted by both reducers: twice 1 in place of 2. (*the* was lucky.) No error, every card arrived, and whoever asks a reducer gets too small a number. **A partitioner must answer the same in every process.** The course's does, for strings by the checksum above:

# %%
from course_lib.distributed.keys import partition_of

{word: partition_of(word, 2) for word in counts} == {word: partition(word) for word in counts}

# %% [markdown]
# ## What a job computes
#
# A map and a reduce function over some input are a **job**. What it must compute can be said without any machine. The runs that follow are held against these lines (`sort_key` only puts the keys in order):

# %%
from course_lib.notebook import hold_against, show_source

show_source(mapreduce.run_locally)

# %%
mapreduce.run_locally(lines, mapper, reducer) == counts == Counter(" ".join(lines).split())

# %% [markdown]
# ## On real processes
#
# `mapreduce.run` starts **workers**, two unless told otherwise: processes of their own that share no memory with this notebook. This notebook is the **driver**: it cuts the input, hands out **tasks**, each a part of the input to map or a partition to reduce, and hears how they end. Your two functions travel to the workers.

# %%
result = mapreduce.run(lines, mapper, reducer, workers=2, map_tasks=3, partitions=2)
print(result.output)
print("the same as in one process:", result.output == mapreduce.run_locally(lines, mapper, reducer))

# %% [markdown]
# Nobody can watch a hundred machines, so each task counts as it goes, and the driver adds up. These **counters** are named after Hadoop's, the program through which MapReduce became common (`combine` has its section below):

# %%
for name, number in result.counters.items():
    print(f"{name:24}{number:6}")

# %% [markdown]
# `spilled`? A map task cannot know how many cards will come. It collects them in a buffer; when that is full, it sorts them and *spills* them to its disk, one file for each partition. With a buffer of three cards, in a folder that we keep for once:

# %%
import tempfile
from pathlib import Path

from course_lib.distributed.mapreduce import phases

with tempfile.TemporaryDirectory() as folder:
    mapreduce.run(lines, mapper, reducer, map_tasks=3, partitions=2, spill_after=3, folder=folder)
    for path in sorted(Path(folder).glob("map-0-*")):
        print(path.name, list(phases.unpack(path.read_bytes())))

# %% [markdown]
# Two spills of map task 0, sorted each for itself. The reducer for partition 0 fetches *its* files from all map tasks and merges them, as two sorted piles of cards are merged into one. Now all the descriptions, in eight map tasks and four partitions. `jobs.words` is the mapper with a finer idea of a word (lower case, no commas), `jobs.total` the reducer.

# %%
from course_lib import data
from course_lib.distributed.mapreduce import jobs

texts = [example.text for split in ("train", "test") for example in data.text_examples(split)]
plain = mapreduce.run(texts, jobs.words, jobs.total, map_tasks=8, partitions=4)
print({word: plain.output[word] for word in ("the", "library", "game")})
print("the same as in one process:", plain.output == mapreduce.run_locally(texts, jobs.words, jobs.total))

# %%
hold_against(guess, plain.counters["shuffled_bytes"], "bytes")

# %% [markdown]
# Nearly four times the texts themselves. The most frequent word alone, *the*, is sent 13,466 times with the same 1. How a card is written matters, and Python's way is wordy. Hadoop puts the same card into the word and 7 bytes, three lengths of one byte each and four for the number:

# %%
tight = sum(7 + len(word) for text in texts for word in data.tokenize(text))
print(f"{tight:,} bytes, {tight / sum(len(text.encode()) for text in texts):.1f} times the texts")

# %% [markdown]
# ## A combiner
#
# The cure for 13,466 times (*the*, 1) is to add up *before* sending. A **combiner** (合并器) is a reducer that works inside the map task, on the cards of one key that it happens to hold. Here it is the reducer itself. The buffer is made so large that each task spills once:

# %%
combined = mapreduce.run(texts, jobs.words, jobs.total, combiner=jobs.total,
                         map_tasks=8, partitions=4, spill_after=100_000)
print("the same result:", combined.output == plain.output)
for name in ("combine_input_records", "combine_output_records", "shuffled_bytes"):
    print(f"{name:24}{combined.counters[name]:10,}")

# %% [markdown]
# A sixth of the bytes. What it saves depends on how often a word meets itself *in the same task*. The same bytes without running a job: each task sends each of its *different* words once (`split` cuts the texts as the engine does, `pack` writes a card).

# %%
def sent(tasks):
    total = 0
    for part in phases.split(texts, tasks):
        words = Counter(word for text in part for word in data.tokenize(text))
        total += sum(len(phases.pack(card)) for card in words.items())
    return total


print("as the job counted:", sent(8) == combined.counters["shuffled_bytes"])

# %%
tasks = [1, 8, 64, 500, 5000]
plots.shuffled_bytes(
    tasks, plain.counters["shuffled_bytes"], [sent(n) for n in tasks], texts=sum(len(text.encode()) for text in texts)
)

# %% [markdown]
# Large tasks combine well; with one description for each task there is little to add up. A small buffer does the same harm as small tasks, since each spill is combined for itself.
#
# ## Turn the knob
#
# Three lines of eight words. Each card is 22 bytes on its way, and its colour is its partition. The first slider makes the words **skewed** (倾斜): more and more of them are *the*, and with it the reducer that owns *the* gets more and more to do. The bar of each reducer is what it fetches, the pale one behind it what it would fetch without a combiner.
#
# Play it once. Then move *the* to 7 of 8. **Which takes the load off the busiest reducer: more reducers, or the combiner? And at how many *the* does the combiner not save a single byte?**

# %%
from course_lib.widgets import MapReduceCards

MapReduceCards()

# %% [markdown]
# With two reducers the busiest gets 484 of 528 bytes. With four it still gets 462: 21 cards of one key, and **a key is never divided among reducers**. The combiner brings it down to 88, and with three or four reducers to 66, one card from each task. With one *the* in each line all words of a line differ; nothing meets itself, and the combiner saves nothing.
#
# ## The combiner's law
#
# A combiner is called on some of a key's values, the reducer on what it made of them. So the result must not depend on how the values were grouped:
#
# $$f(a, b, c, d) = f(f(a, b), f(c, d)) = f(f(a), f(b, c, d)) = \ldots$$
#
# Sums, largest and smallest values obey. A mean does not. Three values, 0 in the first task, 0 and 6 in the second: the mean is $6 / 3 = 2$. The means of the tasks are 0 and 3, and their mean is 1.5.

# %%
def as_it_is(record):
    yield from record


def mean(key, values):
    return sum(values) / len(values)


records = [[("a", 0)], [("a", 0), ("a", 6)]]
print("the mean:          ", mapreduce.run_locally(records, as_it_is, mean))
print("mean as a combiner:", mapreduce.trace(records, as_it_is, mean, combiner=mean, map_tasks=2).output)

# %% [markdown]
# No error here either, and with tasks of equal length it would even be right. The way out is a value that *can* be added: **(sum, count)**. Add sums to sums and counts to counts, and divide once, at the very end.

# %%
show_source(jobs.add_sums_and_counts)

# %%
show_source(jobs.divide_at_the_end)

# %%
pairs = [[("a", (0, 1))], [("a", (0, 1)), ("a", (6, 1))]]
mapreduce.trace(pairs, as_it_is, jobs.divide_at_the_end, combiner=jobs.add_sums_and_counts, map_tasks=2).output

# %% [markdown]
# A relative of this mistake is a reducer that relies on the *order* of its values. Our engine hands them over task by task, Hadoop as they arrive, and then "the first value" can be another one on each run.
#
# ## A worker dies
#
# On many machines something always fails: in a month of 2004, an average job at Google used 157 machines, and 1.2 of its workers died. A task depends on nothing but its input, and what it writes counts only once it is finished. So the remedy is simple: **run the task again.** We kill the worker that runs map task 1 when it has read half of its descriptions. In the picture, m and r are map and reduce tasks.

# %% tags=["measured"]
survived = mapreduce.run(texts, jobs.words, jobs.total, combiner=jobs.total,
                         map_tasks=8, partitions=4, spill_after=100_000, kill=("map", 1))
plots.job_timeline(survived)

# %%
print("the same result:", survived.output == combined.output)
for name, number in survived.counters.items():
    if number != combined.counters[name]:
        print(f"{name}: {combined.counters[name]} without the death, {number} with it")

# %% [markdown]
# Two counters tell of it, and no other: what the dead worker had counted is not in them. Worker 3 in the picture is a new process in the dead one's place, and what is missing before its first bar is its start. The reducers waited for the second attempt, for they cannot begin before they have all cards of a key. In the paper that introduced MapReduce, 200 of 1,746 workers were killed during a sort of a terabyte; it took 933 seconds in place of 891.
#
# ## Break it: a mapper that does more than yield
#
# Half of the task ran twice. As long as a mapper only yields, nobody can notice. This one also notes every description in a file; 400 of them, in four tasks of 100, and one death:

# %%
with tempfile.TemporaryDirectory() as folder:
    notes = Path(folder) / "notes.txt"

    def noting(text):
        with notes.open("a") as file:
            file.write("seen\n")
        mapreduce.count("descriptions")
        yield from jobs.words(text)

    noted = mapreduce.run(texts[:400], noting, jobs.total, map_tasks=4, kill=("map", 1))
    print("in the file:", len(notes.read_text().splitlines()))
print("by the engine's counter:", noted.counters["descriptions"])

# %% [markdown]
# Fifty descriptions are in the file twice: a **side effect** of the attempt that died. Had it been an e-mail or a payment, it would have gone out twice. Whatever must happen once belongs in the output or in a counter, `mapreduce.count`, which travels with a finished task.
#
# ## The gradient as a MapReduce job
#
# Now the step from counting to learning. The loss $L$ of a model is the mean of the losses $\ell_i$ of the single examples, so its gradient is a mean as well:
#
# $$\frac{\partial L}{\partial w} = \frac{1}{n} \sum_{i=1}^{n} \frac{\partial \ell_i}{\partial w} = \frac{\sum_s n_s \, g_s}{\sum_s n_s}$$
#
# Read aloud: *each shard $s$, a piece of the data with $n_s$ examples, sends the sum of its gradients, which is $n_s$ times their mean $g_s$, and how many they are; the reducer adds up both and divides once.* That is (sum, count) again. The keys are the weight arrays of the model, 0 to 5:

# %%
show_source(jobs.ShardGradient.__call__)

# %% [markdown]
# Combiner and reducer are the two functions above. The classifier of lesson 0.1, and its 4,000 training texts on four machines, of which one holds most:

# %%
(x_train, y_train), _ = data.load_text()
borders = [0, 2500, 3500, 3900, 4000]
shards = [(x_train[a:b], y_train[a:b]) for a, b in zip(borders, borders[1:])]
[x.shape for x, y in shards]

# %%
from course_lib import Sequential, layers, utils


def classifier():
    utils.set_random_seed(5)
    model = Sequential([
        layers.Dense(64, activation="relu", input_shape=(1000,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile("sgd", loss="sparse_categorical_crossentropy")
    return model

# %%
model = classifier()
gradient, job = jobs.gradient(model, shards, map_tasks=4, kill=("map", 1))
print([g.shape for g in gradient], "after", job.counters["failed_attempts"], "failed attempt")

# %% [markdown]
# A worker died here, too. The same in one process, on all 4,000 texts at once, and in Keras:

# %%
import numpy as np


def largest_difference(ours, theirs):
    return max(np.abs(np.asarray(a) - np.asarray(b)).max() for a, b in zip(ours, theirs))


model.loss_and_gradient(x_train, y_train)
whole = [g.copy() for g in model.gradients]
print("equal to 6 decimals:", largest_difference(gradient, whole) < 1e-6)
print(f"largest number in it: {max(np.abs(g).max() for g in whole):.3f}")

# %%
from course_lib import parity

twin = parity.keras_twin(model)

# %%
import tensorflow as tf

with tf.GradientTape() as tape:
    loss = twin.loss(y_train, twin(x_train))
theirs = tape.gradient(loss, twin.trainable_weights)
print("MapReduce and Keras equal to 6 decimals:", largest_difference(gradient, theirs) < 1e-6)

# %% [markdown]
# Six decimals and not all of them, because $(a + b) + c$ and $a + (b + c)$ differ in the last digit of a computer's numbers: floating-point addition obeys the combiner's law only nearly.
#
# And with the mistake, each shard's mean as if all shards were equally long:

# %%
wrong, _ = jobs.gradient(model, shards, map_tasks=4, combiner=None, reducer=jobs.mean_of_means)
size = max(np.abs(g).max() for g in whole)
print(f"mean of means: off by up to {largest_difference(wrong, whole) / size:.0%} of the gradient's largest number")

# %% [markdown]
# The 100 texts of the last shard weigh as much as the 2,500 of the first, so one of them counts 25 times as much as one of those. Training with such a gradient runs, and its loss may well fall; it is the loss of other data.
#
# ## Training by MapReduce
#
# Three steps of gradient descent, each gradient a job of its own:

# %% tags=["measured"]
import time

spread = classifier()
start = time.perf_counter()
for _ in range(3):
    gradient, job = jobs.gradient(spread, shards, map_tasks=4)
    spread.optimizer.apply(gradient, spread.trainable_weights)
by_mapreduce = (time.perf_counter() - start) / 3
print(f"a step by MapReduce: {by_mapreduce:.2f} s")

# %% [markdown]
# Alone, that is three epochs with a single batch of all 4,000 texts:

# %% tags=["measured"]
alone = classifier()
start = time.perf_counter()
alone.fit(x_train, y_train, batch_size=4000, epochs=3, shuffle=False, verbose=0)
by_one = (time.perf_counter() - start) / 3
print(f"a step alone: {by_one:.2f} s")

# %%
print("the same weights to 6 decimals:", largest_difference(spread.get_weights(), alone.get_weights()) < 1e-6)
print("MapReduce more than twice as slow:", by_mapreduce > 2 * by_one)

# %% [markdown]
# The same weights, and far slower. The arithmetic is the same as well, but each step starts two processes and moves all this (the model with weights and gradients, both packed twice):

# %%
from course_lib.distributed.processes import ship

amounts = {
    "the shards, to the workers": sum(len(ship(shard)) for shard in shards),
    "the model, to each worker": len(ship(jobs.ShardGradient(spread))),
    "gradients, through files": job.counters["shuffled_bytes"],
}
for what, size in amounts.items():
    print(f"{what:28}{size / 1e6:5.1f} million bytes")

# %% [markdown]
# MapReduce was made for *one* pass over data that lie on disks; training is many passes over data that could stay where they are. The next lessons keep them there: Spark holds data in memory (5.2), and all-reduce leaves processes, data and model in place and moves nothing but gradients (5.3).
#
# ## What it costs
#
# With a combiner and one spill for each of $m$ map tasks, at most one card for each key and task crosses the network:
#
# $$\text{bytes shuffled} \leq m \cdot \text{keys} \cdot \text{bytes of a card}$$
#
# For the gradient that is exact: $m$ times the model, in float64 eight bytes a weight. How many examples there are does not appear.

# %%
weights = sum(w.size for w in model.trainable_weights)
print(f"4 × {weights:,} weights × 8 bytes = {4 * weights * 8:,}; counted: {job.counters['shuffled_bytes']:,}")

# %% [markdown]
# The few bytes more are keys and counts. And the fixed cost, before any work is done. The log knows how long the job with the combiner took from its first task to its last:

# %% tags=["measured"]
def duration(compute):
    start = time.perf_counter()
    compute()
    return time.perf_counter() - start


nothing = duration(lambda: mapreduce.run(["", ""], mapper, reducer))
in_one = duration(lambda: mapreduce.run_locally(texts, jobs.words, jobs.total))
from_first_task = combined.log[-1].seconds
print(f"all descriptions, one process               {in_one:5.2f} s")
print(f"two empty lines, two workers                {nothing:5.2f} s")
print(f"all descriptions, once the workers are up   {from_first_task:5.2f} s")

# %%
print("two workers are slower than one process:", nothing + from_first_task > in_one)

# %% [markdown]
# Two megabytes are no reason to distribute anything: starting the workers alone takes as long as counting or longer, and making, sorting, writing and reading 340,344 cards takes longer still. With $W$ seconds of work on $p$ workers a job takes about
#
# $$T = T_\text{start} + \frac{W}{p} + \frac{\text{bytes shuffled}}{\text{bytes per second}}$$
#
# They share the network, so only the middle term shrinks with $p$. **Distribute when the data do not fit on one machine, or when $W$ is many times the other two.**

# %% [markdown]
# ## Remember
#
# - Map makes cards, the shuffle brings equal keys together **on several nodes**, reduce makes one of all cards of a key. Tasks depend on nothing but their input, so a lost one simply runs again.
# - A combiner saves bytes where keys repeat within a task, and is the only cure here for a key that is too frequent. It must not care how values were grouped: send (sum, count) in place of means.
# - Where it breaks: partitioners that differ between processes, side effects, reducers that rely on order, and anything that needs many passes.
#
# Left out: machines that fail together with the files of their *finished* tasks, file systems that are distributed themselves, second attempts for tasks that are merely slow, and an engine for a real cluster: Spark, in [lesson 5.2](5_2_spark.ipynb).
#
# **Now you:** [exercises for this lesson](../../exercises/5_distribution/5_1_mapreduce.ipynb).
#
# Sources: Dean and Ghemawat, *MapReduce: simplified data processing on large clusters* (2004); sections 3, 5 and 6 hold the execution, the failures and the numbers quoted above. Chu et al., *Map-Reduce for machine learning on multicore* (2006), for learning as sums. The Hadoop documentation of [MapReduce](https://hadoop.apache.org/docs/stable/hadoop-mapreduce-client/hadoop-mapreduce-client-core/MapReduceTutorial.html).
