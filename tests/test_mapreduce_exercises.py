"""What the exercises about MapReduce call right, the engine does as well."""

import numpy as np
import pytest

from course_lib.distributed import mapreduce
from course_lib.distributed.mapreduce import jobs, phases
from course_lib.exercises import exercise

SHUFFLE, SENT = exercise("distribution.shuffle"), exercise("distribution.pairs_sent")
MEAN, GRADIENT = exercise("distribution.mean_job"), exercise("distribution.whole_gradient")


def cases(q):
    return pytest.mark.parametrize("case", q.cases, ids=lambda case: case.name)


@cases(SHUFFLE)
def test_the_engine_shuffles_alike(case):
    tasks, partitions, partitioner = case.args
    job = phases.Job(None, None, partitions=partitions, partitioner=partitioner)
    sent = [phases.arranged(job, pairs) for pairs in tasks]
    groups = [list(phases.merged(task[p] for task in sent)) for p in range(partitions)]
    assert groups == SHUFFLE.reference(*case.args)


@cases(SENT)
def test_the_engine_sends_as_many_pairs(case):
    texts, map_tasks, combine = (*case.args, False)[:3]

    def mapper(text):
        for word in text.split():
            yield word, 1

    trace = mapreduce.trace(texts, mapper, jobs.total, jobs.total if combine else None, map_tasks=map_tasks)
    assert sum(len(run) for task in trace.sent for run in task) == SENT.reference(*case.args)


@cases(MEAN)
def test_the_engine_runs_the_job(case):
    tasks, rounds = case.args
    records = [record for task in tasks for record in task]
    mapper, reducer, combiner = MEAN.reference()
    trace = mapreduce.trace(records, mapper, reducer, combiner if rounds else None, map_tasks=len(tasks))
    expected = MEAN.expect(case).value
    assert trace.output == pytest.approx(expected)


def test_the_job_runs_on_real_processes():
    records = [("a", 1), ("a", 2), ("b", 5), ("a", 6)]
    assert mapreduce.run(records, *MEAN.reference(), map_tasks=2).output == {"a": 3.0, "b": 5.0}


@cases(GRADIENT)
def test_the_engines_reducer_gives_the_same_gradient(case):
    (shards,) = case.args
    for i, gradient in enumerate(GRADIENT.reference(shards)):
        sums = [(examples * gradients[i], examples) for gradients, examples in shards]
        np.testing.assert_allclose(jobs.divide_at_the_end(i, sums), gradient)
