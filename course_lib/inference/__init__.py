"""What happens when a trained model answers: how long it takes, and how many answers it gives a second.

measure(model, x)                            # Latencies: count, mean, percentiles, throughput, a table
sweep(model, rows, (1, 16, 256))             # the same for several batch sizes
latencies.little()                           # Little's law on what was measured
"""

from course_lib.inference.latency import Latencies, measure, percentile, ranking, table
from course_lib.inference.little import Little, little
from course_lib.inference.sweep import Sweep, sweep, ways
