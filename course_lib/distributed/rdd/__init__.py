"""Spark's resilient distributed data sets in small: PySpark's names and meanings, in one process.

    sc = rdd.Context(parallelism=2)
    words = sc.parallelize(lines).flatMap(str.split)                 # nothing runs yet
    counts = words.map(lambda w: (w, 1)).reduceByKey(lambda a, b: a + b)
    counts.collect()                                                 # now it does
    print(counts.lineage(), sc.jobs[-1])

The same program runs on `pyspark.SparkContext`. What both have in common, and PySpark's users stumble over:
transformations are lazy; a function travels to each task as a copy, so a counter in a closure stays 0; without `cache`
every action computes everything again; a shuffle is what costs.

    data        the RDD: transformations and actions, each in terms of a few kinds
    kinds       how a partition of each kind is computed from its parents' partitions
    context     jobs, stages, tasks; what is kept, what is lost, what is counted
    lineage     parents, stages and shuffles of an RDD, as text and as a graph
    shared      accumulators and broadcast variables

After M. Zaharia et al., "Resilient Distributed Datasets: A Fault-Tolerant Abstraction for In-Memory Cluster
Computing", NSDI 2012.
"""

from course_lib.distributed.rdd.context import Context, Report
from course_lib.distributed.rdd.data import RDD
from course_lib.distributed.rdd.lineage import count_shuffles, graph, stages, tasks

__all__ = ["RDD", "Context", "Report", "count_shuffles", "graph", "stages", "tasks"]
