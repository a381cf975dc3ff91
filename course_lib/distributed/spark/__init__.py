"""PySpark for a notebook: started once and quietly whatever the surroundings, ended with the kernel, asked what it did.

The first call starts Java, which takes some seconds:

    session = spark.session()
    sc = session.sparkContext
    with spark.watch(sc) as seen:
        sc.parallelize(range(10)).map(lambda x: (x % 3, x)).reduceByKey(max).collect()
    seen.jobs                                    # stages, skipped stages and tasks of each job

    java          where a Java is on this machine, and how to get one
    environment   what Java, Hadoop and the workers' Python read of their surroundings: what we give them
    gateway       Java started, and the line to it
    running       the one session of this kernel
    interrupt     Ctrl-C ends the work, too
    executors     the processes, and a death among them on purpose
    jobs          shuffles, plans, jobs, stages and tasks, as Spark tells them
"""

from course_lib.distributed.spark.executors import executors, kill_executor, killing, processes, wait_for_executors
from course_lib.distributed.spark.java import JavaMissing
from course_lib.distributed.spark.jobs import Job, Run, count_shuffles, plan, watch
from course_lib.distributed.spark.running import context, log, session, stop
from course_lib.distributed.spark.tree import has_ended

__all__ = [
    "JavaMissing",
    "Job",
    "Run",
    "context",
    "count_shuffles",
    "executors",
    "has_ended",
    "kill_executor",
    "killing",
    "log",
    "plan",
    "processes",
    "session",
    "stop",
    "wait_for_executors",
    "watch",
]
