"""Speed of course_lib as a ratio against the real engine, both measured in turns in one process.

`nox -s benchmarks`, or `python -m benchmarks`. One BLAS thread and one TensorFlow thread, so that the two engines have
the same hardware. Absolute times mean little on a shared machine; ratios of medians do.
"""
