"""MapReduce over real processes: the programmer writes two functions, the engine does the rest.

    def mapper(line):                           # a record -> (key, value) pairs
        for word in line.split():
            yield word, 1

    def reducer(word, counts):                  # a key and all its values -> one value
        return sum(counts)

    result = mapreduce.run(lines, mapper, reducer, combiner=reducer, partitions=2, workers=2)
    result.output["the"], result.counters["shuffled bytes"], result.log

    phases      what each step does: map, combine, partition, spill, sort, reduce
    workers     processes that do it, and that may die
    master      hands out tasks, hears of deaths, hands out again
    trace       the same steps in this process, with every card kept: for pictures
    jobs        word count; the gradient of a model

After J. Dean and S. Ghemawat, "MapReduce: Simplified Data Processing on Large Clusters", OSDI 2004.
"""

from course_lib.distributed.mapreduce.log import Event, Result
from course_lib.distributed.mapreduce.master import JobFailed, run, run_locally
from course_lib.distributed.mapreduce.phases import count
from course_lib.distributed.mapreduce.tracing import Trace, trace

__all__ = ["Event", "JobFailed", "Result", "Trace", "count", "run", "run_locally", "trace"]
