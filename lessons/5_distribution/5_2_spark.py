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
#   title: Spark
#   question: What if the data is larger than any memory, and a machine is lost half-way?
#   needs: ["5.1"]
#   exercises: [distribution.count_stages, distribution.words_by_class, distribution.count_bad_lines, distribution.computed_once]
# ---

# %% [markdown]
# # 5.2 Spark
#
# **What if the data is larger than any memory, and a machine is lost half-way?**
#
# After this lesson you can
#
# - read a program's lineage, and say before it runs how many stages and shuffles it has,
# - say what is computed again, and why, when a machine is lost or a second question is asked,
# - prepare the classifier's 1,000 features with Spark, by RDDs and by DataFrames, and read the plan that Spark made.
#
# You need: what a bag of words is ([lesson 0.1](../0_start/0_1_start_here.ipynb)), functions that take functions (`map`, `lambda`), and the idea of MapReduce: work on each piece apart, send what belongs together to one place, combine it there.

# %% [markdown]
# ## Guess first
#
# A program cuts 4,000 texts into words: `words = texts.map(tokenize)`. Then it asks two questions of the result: how many words are there in all, and how many texts contain the word *game*? **How many times is `tokenize` called?**

# %%
guess = None        # for example: guess = 4_000

# %% [markdown]
# ## Two engines
#
# **Spark** spreads data and work over many machines. It is written in Scala, runs on Java, and is driven from Python by PySpark. One process, the **driver** (驱动程序), holds your program; others, the **executors** (执行器), hold the data and do the work. Here the driver and two executors run on your machine as separate processes, so that one of them can be killed later. They start in the background, in about ten seconds.
#
# Beside it stands the **mini-RDD** of this course (an RDD is what both engines work on; you write one below): the same method names in about 800 lines of commented Python, in this one process.

# %%
from course_lib.distributed.engines import Engines

engines = Engines()

# %% [markdown]
# `engines` gives both by name. A cell that begins with `%%spark` is for Spark alone; where there is no Java, it says that it did not run, and everything else runs on the mini-RDD.
#
# ## The idea in ten lines
#
# Six numbers on three machines. Each machine holds a **partition** (分区): `[3, 1]`, `[4, 1]`, `[5, 9]`. How could one describe a data set so that *nothing* has to be computed yet, and *any* partition can be computed at any time, even twice? By a number of partitions and a function that computes one of them:

# %%
class Tiny:
    def __init__(self, partitions, compute):
        self.partitions, self.compute = partitions, compute

    def map(self, f):
        return Tiny(self.partitions, lambda p: [f(x) for x in self.compute(p)])

    def collect(self):
        return [x for p in range(self.partitions) for x in self.compute(p)]


slices = [[3, 1], [4, 1], [5, 9]]
squares = Tiny(3, lambda p: slices[p]).map(lambda x: x * x)

# %% [markdown]
# So far nothing has been squared: `squares` is a description. `collect` runs it. And if the machine with partition 1 burns down, its part is computed anew from the part that it came from; the other two are not touched:

# %%
squares.collect(), squares.compute(1)

# %% [markdown]
# That is a **resilient distributed data set**, RDD (弹性分布式数据集). It survives because it remembers *how it was made*, its **lineage** (血统), and not because somebody copied it.
#
# ## The same with keys
#
# Now on the mini-RDD, with a step that needs more than one partition: add up the odd and the even numbers. By hand: each partition adds its own, `(1, 4)` in the first (key 1 for odd: 3 + 1), `(0, 4), (1, 1)` in the second, `(1, 14)` in the third. Then all sums of a key meet in one place: 4 for even, 4 + 1 + 14 = 19 for odd. `glom` shows the partitions as lists:

# %%
def add(a, b):
    return a + b


numbers = engines.mini.parallelize([3, 1, 4, 1, 5, 9], 3)
sums = numbers.map(lambda x: (x % 2, x)).reduceByKey(add)
print(numbers.glom().collect())
print(sums.glom().collect())

# %% [markdown]
# A key goes to the partition with the number *hash of the key modulo 3*, and the hash of a small whole number is the number itself. So key 0 went to partition 0, key 1 to partition 1, and partition 2 got nothing. Sending every key to its partition is a **shuffle** (洗牌); it is the only step here in which machines must talk to each other.
#
# ## The algorithm
#
# The five steps of the Spark algorithm, as they are usually written down:
#
# 1. Spread the data over several nodes. (将数据分布到多个节点上)
# 2. On each node, do RDD operations. (在每个节点上进行 RDD 操作)
# 3. Gather the results of the RDD operations on one node. (将 RDD 操作的结果聚集到一个节点上)
# 4. On the gathering node, do DataFrame operations. (在聚集节点上进行 DataFrame 操作)
# 5. Obtain the final result. (得到最终结果)
#
# Steps 1 and 2 on the 4,000 training texts, counting words. `parallelize` spreads a list; `flatMap` makes any number of elements from one.

# %%
from course_lib.data import text_examples, tokenize

train = text_examples("train")
texts = [example.text for example in train]


def count_words(sc):
    words = sc.parallelize(texts, 4).flatMap(tokenize)           # 1 and 2
    return words.map(lambda word: (word, 1)).reduceByKey(add)    # 2


jobs_before = len(engines.mini.jobs)
counts = count_words(engines.mini)
print("jobs that ran for this:", len(engines.mini.jobs) - jobs_before)

# %% [markdown]
# None. **Transformations** (转换) such as `map` and `reduceByKey` only describe; **actions** (行动) such as `collect`, `count`, `sum`, `take` make a **job** (作业) of the description. Step 3 is one; `collect` gathers at the driver:

# %%
found = counts.collect()                                          # 3
print(f"{len(found):,} different words")

# %% [markdown]
# ## Lineage, and where a stage ends
#
# How the counts are made. Read from the bottom; what stands further to the right lies before a shuffle. In round brackets: the number of partitions; in square ones: a number for each RDD.

# %%
print(counts.lineage())

# %% [markdown]
# `reduceByKey` has become three: add up within each partition, shuffle, add up across partitions. Drawn with its partitions, this time from the top:

# %%
from course_lib import plots
from course_lib.distributed import rdd

plots.lineage(rdd.graph(counts))

# %% [markdown]
# A **narrow** dependency (窄依赖) needs one partition of each parent: `flatMap`, `map`, `filter`. Narrow steps run through in one go, text by text, and no list of all words ever exists. A column of the picture within a stage is one **task** (任务). A **wide** dependency (宽依赖) needs all partitions of the parent: `reduceByKey`, `groupByKey`, `join`, `sortByKey`. There one **stage** (阶段) ends and the next begins: the tasks of stage 1 write their results to files, sorted by where they must go, and those of stage 2 read them.
#
# A wide operation whose keys lie in their places already, because another has put them there, needs no second shuffle.
#
# A narrow step computes its partition as `Tiny.map` did. This is all that the mini-RDD does for a wide one; a bucket is what one task of stage 1 has written for this partition:

# %%
from course_lib.distributed.rdd import kinds
from course_lib.notebook import hold_against, show_source

show_source(kinds.Shuffled.compute)

# %% [markdown]
# ## Turn the knob
#
# Three programs on twelve short texts, each run once. Then you lose a task, with all that it left behind, and an action runs again: boxes that are computed again light up. "Cached" means that an RDD was kept in memory after the first run.
#
# **Word count, nothing cached: how many of the 18 boxes light up without a loss, and how many if you lose a task of stage 2? Which loss wakes up stage 1, and why only a third of it? Then cache the last RDD and lose both again.**

# %%
from course_lib.widgets import LineageGraph

LineageGraph()

# %% [markdown]
# Six, with or without the loss of a task of stage 2: the results of stage 2 went to the driver and were kept nowhere, so a second action computes all of it anyway. Stage 1 sleeps, because its files are still there. Losing one of *its* tasks loses a third of these files; that task alone runs again, and 4 + 6 = 10 boxes light up. With the last RDD cached, a lost task of stage 2 costs 2 boxes, and a lost task of stage 1 costs none: nobody asks for its files. **What is computed again is what is asked for and was not kept.**
#
# ## The same program on Spark
#
# By now Spark should be up; else the next cell waits for it. A `SparkContext` is the way to RDDs.

# %%
%%spark
sc = engines["PySpark"]
print("two executors, one core and 512 MB each:", sc.master)

# %% [markdown]
# A first job. With it the executors start Pythons of their own, for functions that are Python's. Then the processes: one Java for the driver, one for each executor, and several Pythons.

# %% tags=["measured"]
%%spark
from collections import Counter

from course_lib.distributed import spark

print(sc.parallelize([3, 1, 4, 1, 5, 9], 3).map(lambda x: x * x).collect())
Counter(process.name().split(".")[0] for process in spark.processes())

# %% [markdown]
# `count_words`, unchanged. Both engines are asked for the result, for the number of shuffles that it rests on, and for what the job did:

# %%
from course_lib.distributed.engines import count_shuffles, watch

results = {}
for name, sc in engines.items():
    counts = count_words(sc)
    with watch(sc) as seen:
        results[name] = sorted(counts.collect())
    job = seen.jobs[0]
    print(f"{name:9} shuffles {count_shuffles(counts)}, stages {job.stages}, tasks {job.tasks}, words {len(results[name])}")
print("the same counts everywhere:", all(result == results["mini-RDD"] for result in results.values()))

# %% [markdown]
# Spark's own drawing of the lineage uses other names, as it hands a whole chain of Python functions to one `PythonRDD`. The step to the right stands in the same place:

# %%
%%spark
import re

drawn = count_words(engines["PySpark"]).toDebugString().decode()
print(re.sub(r" at .*", "", drawn))     # without the lines of the program that made each

# %% [markdown]
# Steps 4 and 5: the gathered pairs become a **DataFrame** (数据框), a table with named columns. A `SparkSession` is the way to DataFrames.

# %%
%%spark
session = engines.session()
table = session.createDataFrame(results["PySpark"], ["word", "times"])    # 4
table.orderBy("times", ascending=False).show(3)                            # 5

# %% [markdown]
# Gathering is where this recipe ends for large data: 18,991 pairs fit into the driver, those of a web crawl do not. Spark does not need step 3 so early. A DataFrame is spread over the executors just as an RDD is, and one gathers only the few rows that a person will read. The second half of the lesson does that.
#
# ## Asked twice, computed twice
#
# The guess at the top has no shuffle, so there are no files to save it. An **accumulator** (累加器) is a number that tasks may add to and the driver may read; it counts the calls.

# %%
def counted(function, calls):
    def counting(x):
        calls.add(1)
        return function(x)

    return counting


def count_calls(sc, keep):
    calls = sc.accumulator(0)
    words = keep(sc.parallelize(texts, 4).map(counted(tokenize, calls)))
    words.map(len).sum()
    words.filter(lambda of_text: "game" in of_text).count()
    return calls.value

# %%
for name, sc in engines.items():
    answer = count_calls(sc, keep=lambda words: words)
    print(f"{name:9} {answer:,} calls")

# %%
hold_against(guess, answer, "calls")

# %% [markdown]
# Each action runs the whole description from the start. `cache()` keeps every partition in the memory of the executor that computed it, from the first time on:

# %%
for name, sc in engines.items():
    print(f"{name:9} {count_calls(sc, keep=lambda words: words.cache()):,} calls")

# %% [markdown]
# ## Break it: a function that rolls dice
#
# Computing again is safe as long as the same comes out again. With a random number in it, one and the same RDD gives two answers to the same question, and after a loss it would even mix them:

# %%
import random

for name, sc in engines.items():
    elements = sc.parallelize(range(4), 2)
    dice, seeded = elements.map(lambda x: random.random()), elements.map(lambda x: random.Random(x).random())
    print(f"{name:9} the same twice: dice {dice.collect() == dice.collect()}, seeded {seeded.collect() == seeded.collect()}")

# %% [markdown]
# `cache()` would hide this until a machine is lost. The remedy is the second one: a random number that follows from the element, here with the element as its seed.

# %% [markdown]
# ## Break it: cache too late
#
# Somebody builds on an RDD and calls `cache()` afterwards. Then three questions: twice of the child that was built, once of the RDD itself. How often is the function of the RDD called by then, for 100 numbers?

# %%
for name, sc in engines.items():
    calls = sc.accumulator(0)
    parent = sc.parallelize(range(100), 4).map(counted(abs, calls))
    child = parent.map(lambda x: x + 1)
    parent.cache()
    after = []
    for asked in (child, child, parent):
        asked.count()
        after.append(calls.value)
    print(f"{name:9} calls after each question: {after}")

# %% [markdown]
# Here the engines differ, and it is worth knowing. On the mini-RDD (and in Scala) a child asks its parent when it runs, finds the cache, and 100 calls suffice. PySpark melts chained Python functions into one at the moment the child is *made*; the parent was not cached then, so the child goes on without it, and nothing tells you. **Call `cache()` before you build on it.**
#
# ## What a shuffle costs: groupByKey against reduceByKey
#
# How many letters do the descriptions of each class have? Every word sends its length. `groupByKey` brings all lengths of a class together and then adds; `reduceByKey` adds within each partition first, and sends the sums.

# %% tags=["measured"]
lengths = [(example.section, example.text) for example in train]
sizes = {}
for name, sc in engines.items():
    letters = sc.parallelize(lengths, 4).flatMap(lambda pair: [(pair[0], len(word)) for word in tokenize(pair[1])])
    with watch(sc) as seen:
        grouped = letters.groupByKey().mapValues(sum).collect()
        reduced = letters.reduceByKey(add).collect()
    sizes[name] = dict(zip(["groupByKey", "reduceByKey"], [job.shuffled_bytes for job in seen.jobs]))
    print(f"{name:9} the same sums: {sorted(grouped) == sorted(reduced)}")
plots.shuffle_sizes(sizes)

# %%
for name, of_engine in sizes.items():
    print(f"{name:9} over 100 times as much: {of_engine['groupByKey'] > 100 * of_engine['reduceByKey']}")

# %% [markdown]
# The same ten sums. Four partitions with ten classes each make 40 sums to send, however many texts there are; `groupByKey` sends every single length, and all lengths of a class end up in one task. (Spark packs what it sends, which pays for the large files and not for the tiny ones.) The saving grows with how often a key repeats within a partition. In the word count 7,903 of the 18,991 words occur only once, and there it is smaller:

# %%
pairs = engines.mini.parallelize(texts, 4).flatMap(tokenize).map(lambda word: (word, 1))
pairs.groupByKey().mapValues(sum).count(), pairs.reduceByKey(add).count()
grouped, reduced = engines.mini.jobs[-2:]
print(f"groupByKey {grouped.shuffled_bytes / 1e6:.1f} MB, reduceByKey {reduced.shuffled_bytes / 1e6:.1f} MB")

# %% [markdown]
# ## Break it: a counter that stays at zero
#
# Count the texts without the word *a*, on the side:

# %%
for name, sc in engines.items():
    without = 0

    def look(text):
        global without
        without += "a" not in tokenize(text)

    sc.parallelize(texts, 4).foreach(look)
    print(f"{name:9} counted on the side: {without}")

# %% [markdown]
# A function travels to the executors as a copy, together with the variables that it uses. The copies were counted up, in another process, and thrown away with the task. (The mini-RDD has one process only, and copies on purpose, so that you meet the mistake there too.) Use a result (`filter(…).count()`), or an accumulator:

# %%
for name, sc in engines.items():
    without = sc.accumulator(0)
    sc.parallelize(texts, 4).foreach(lambda text: without.add("a" not in tokenize(text)))
    print(f"{name:9} counted by an accumulator: {without.value}")

# %% [markdown]
# Inside an action such as `foreach`, Spark counts each finished task once. Inside a `map` an accumulator counts again each time that a partition is computed again: that is how it answered the guess.
#
# ## A machine is lost, for real
#
# The word count once more, in 8 partitions and slowed down by half a millisecond a text. As soon as three tasks are finished, an executor is killed as the system kills: without a warning, in the middle of a task.

# %% tags=["measured"]
%%spark
import time


def slowly(text):
    time.sleep(0.0005)
    return tokenize(text)


sc = engines["PySpark"]
slow = sc.parallelize(texts, 8).flatMap(slowly).map(lambda word: (word, 1)).reduceByKey(add)
with watch(sc) as seen, spark.killing(sc, after=3):
    survived = sorted(slow.collect())
plots.task_timeline(seen.jobs[0].runs)

# %%
%%spark
print("the right counts:", survived == results["PySpark"])
print("more than 16 runs for 16 tasks:", len(seen.jobs[0].runs) > 16)

# %% [markdown]
# Nobody wrote a line for this. The torn task ran again elsewhere; and so did tasks that were *finished*, because their files for the shuffle had died with the machine: the click on stage 1 in the picture above. Spark also starts another executor in place of the dead one; in a job as short as this it comes late or not at all. The mini-RDD can lose a machine too. Here the result is cached, half of all partitions lay on the lost machine, and only that half is computed again:

# %%
sc = rdd.Context(2)
counts = count_words(sc).cache()
before = counts.collect()
sc.lose_executor(1, executors=2)
print("the same counts:", counts.collect() == before)
print(f"computed again: {sc.jobs[-1].computed.total()} of 24 partitions")

# %% [markdown]
# ## DataFrames: say what, not how
#
# To Spark a Python function is a sealed box: it cannot look inside, reorder, or leave anything out. A **DataFrame** is described in words that Spark understands, columns and expressions, and so it can be *planned*. The texts as a table, and the words as another; `explode` makes a row of each word:

# %%
from course_lib.distributed import features

show_source(features.words_of)

# %%
%%spark
table = features.read_texts(session)
words = features.words_of(table.where("split = 'train'"))
words.show(3)

# %% [markdown]
# The same word count, once in SQL and once in calls:

# %%
%%spark
from pyspark.sql import functions as F

words.createOrReplaceTempView("words")
by_sql = session.sql("SELECT word, COUNT(*) AS times FROM words GROUP BY word ORDER BY times DESC, word LIMIT 3")
by_calls = words.groupBy("word").agg(F.count("*").alias("times")).orderBy(F.desc("times"), "word").limit(3)
found = [tuple(row) for row in by_sql.collect()]
print(found)
print("the same as the RDD's:", found == sorted(results["PySpark"], key=lambda pair: (-pair[1], pair[0]))[:3])
print("one plan for SQL and calls:", spark.plan(by_sql) == spark.plan(by_calls))

# %% [markdown]
# Two languages, one plan, and no Python in it. Here it is. **Read it from the bottom**, each line takes what the line below it hands up:

# %%
%%spark
print(spark.plan(by_sql))

# %% [markdown]
# - `FileScan json [split,text]`: read the file, and of its columns only two. The label is skipped.
# - `Filter … split = train`: we asked for this; Spark put it right above the file.
# - `Project`, `Generate explode(…)`: drop `split`, cut into words. `words` has a column of row numbers; nobody asks for them here, and they are never made.
# - `HashAggregate … partial_count(1)`: count within each partition. Nobody asked for this line. It is what `reduceByKey` does and `groupByKey` does not.
# - `Exchange hashpartitioning(word, 2)`: **the shuffle**. Look for this word first in any plan.
# - `HashAggregate … count(1)`: add up the partial counts of each word.
# - `TakeOrderedAndProject(limit=3 …)`: the three best of each partition, then the three best of all. No full sort.
#
# ## Break it, and see that it mends itself
#
# Somebody joins first and filters afterwards: all 5,000 texts with the names of their classes, and then only the training texts about games.

# %%
%%spark
from course_lib.data.text import CLASS_NAMES

names = session.createDataFrame(list(enumerate(CLASS_NAMES)), "label int, section string")
games = table.join(F.broadcast(names), "label").where("split = 'train' and section = 'games'").groupBy("section").count()
print(spark.plan(games))

# %% [markdown]
# Both filters have moved **below** the join: of the ten names one is left, and a test that nobody wrote, `isnotnull(label)`, drops rows that could not match. The join itself needs no shuffle. `BroadcastExchange` sends the small table, one row, to every executor (**broadcast**, 广播), and the large one stays where it is. `F.broadcast` asks for that; left alone, Spark decides by its estimate of the sizes. With RDDs all of this is your work.
#
# ## The classifier's features
#
# In lesson 0.1 the 1,000 features came out of a file. Here they are made from raw text, in two jobs: the vocabulary, which is the 1,000 words that occur in the most training texts (no single letters, numbers or words like *the*), and the counts. First the vocabulary. A `left_anti` join keeps the rows that find *no* partner:

# %%
show_source(features.vocabulary)

# %%
%%spark
vocabulary = [row.word for row in features.vocabulary(table.where("split = 'train'")).collect()]
print(*vocabulary[:8])

# %% [markdown]
# Then the counts: one row for each text and word that occur together. They travel as triples (row, column, count), not as 5,000 rows of 1,000 numbers, most of which are 0.

# %%
%%spark
triples = features.counts(table, vocabulary).collect()
print(f"{len(triples):,} triples for 5,000,000 places: {len(triples) / 5e6:.1%} are not 0")

# %% [markdown]
# Are they the numbers that every lesson of this course trains on?

# %%
%%spark
import numpy as np

from course_lib.data import load_text, text_info

(x_train, y_train), (x_test, y_test) = load_text()
x = np.zeros((5000, 1000), "float32")
for row, column, count in triples:
    x[row, column] = count
print("the same words, in the same order:", tuple(vocabulary) == text_info().vocabulary)
print("the same 5,000,000 numbers:", np.array_equal(x, np.concatenate([x_train, x_test])))

# %% [markdown]
# To the last digit. The file's rows keep their order because the file is one partition; with several, row numbers have gaps. And with RDDs, on whichever engine there is:

# %%
from course_lib.data import text_info

shipped = text_info().vocabulary
for name, sc in engines.items():
    print(f"{name:9} the same words: {tuple(features.rdd_vocabulary(sc.parallelize(texts, 2))) == shipped}")

# %% [markdown]
# ## What it costs
#
# Word count on our texts, taken once and three times: plain Python, the mini-RDD, and Spark with two executors on the same cores.

# %%
from collections import Counter
from timeit import timeit


def plain(texts):
    return Counter(word for text in texts for word in tokenize(text))


def on(sc):
    return lambda texts: sc.parallelize(texts, 4).flatMap(tokenize).map(lambda word: (word, 1)).reduceByKey(add).collect()


# %% tags=["measured"]
amounts = [4_000, 12_000]
runners = {"plain Python": plain, **{name: on(sc) for name, sc in engines.items()}}
seconds = {name: [timeit(lambda: run(texts * (n // 4000)), number=1) for n in amounts] for name, run in runners.items()}
plots.engine_seconds(amounts, seconds)

# %%
%%spark
times = seconds["PySpark"][0] / seconds["plain Python"][0]
print("on 4,000 texts Spark needs more than twice as long as one loop:", times > 2)

# %% tags=["measured"]
%%spark
small = engines["PySpark"].parallelize(range(4), 4).map(lambda x: x)
print(f"start of Spark and its executors, beside other work: {engines.start_seconds:.0f} s")
print(f"a job of 4 tasks that do nothing: {1000 * timeit(small.count, number=5) / 5:.0f} ms")

# %% [markdown]
# A few megabytes of text are no work for Spark. What you pay, before anything useful happens:
#
# - the start of Java and the executors, once: about ten seconds, and more on a busy machine,
# - a tenth of a second or more for each job, for planning it and sending its tasks,
# - for RDDs of Python: every element is packed, sent to a Python process, unpacked, and back. DataFrames avoid that.
#
# What you get is what one process cannot give at any speed: data larger than one memory, more cores than one machine has, and a result although a machine was lost. **Rule of thumb: if the data fits into the memory of one machine, use one machine.** And the last line of many a program is where it breaks: `collect()` brings everything into the driver. `take` asks for no more partitions than it needs:

# %%
words = engines.mini.parallelize(texts, 4).flatMap(tokenize)
print(words.take(3), "from", engines.mini.jobs[-1].tasks, "of 4 partitions")

# %% [markdown]
# Spark ends with this kernel; nothing of it stays behind.
#
# ## Remember
#
# - An RDD is a description: partitions, parents, a function. Narrow steps run in one go; a wide one needs a shuffle, and there a stage ends.
# - What is lost is computed again from its lineage, and only that. So is what nobody kept: two actions, two runs, unless `cache()` came first. Functions must give the same each time.
# - `reduceByKey` before `groupByKey`; accumulators, not counters in closures; DataFrames where Spark shall plan. Where it breaks: `collect()` of large results, one key with most of the data, data too small for the trouble.
#
# Left out: storage levels and checkpoints, streams, skewed keys (lesson 5.1 has them), running on a cluster of real machines.
#
# **Now you:** [exercises for this lesson](../../exercises/5_distribution/5_2_spark.ipynb).
#
# Sources: Zaharia et al., *Resilient distributed datasets* (2012), sections 2 to 5. Armbrust et al., *Spark SQL* (2015), for DataFrames and the optimizer. The Spark documentation: [RDD programming guide](https://spark.apache.org/docs/latest/rdd-programming-guide.html), [SQL performance tuning](https://spark.apache.org/docs/latest/sql-performance-tuning.html).
