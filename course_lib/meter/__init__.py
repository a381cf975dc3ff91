"""What happens when a trained model answers: how long it takes, and how many answers it gives a second.

measure(model, x)                            # Latencies: count, mean, percentiles, throughput, a table
sweep(model, rows, (1, 16, 256))             # the same for several batch sizes
latencies.little()                           # Little's law on what was measured
crowd(model, x, callers=4)                   # several callers at the same time
tail.answered(durations)                     # and pages that wait for several calls at once
python_calls(model, x)                       # which Python functions one call runs, and how often
"""

from course_lib.meter.crowd import crowd
from course_lib.meter.latency import Latencies, measure, percentile, ranking, table
from course_lib.meter.little import Little, little
from course_lib.meter.python_calls import python_calls
from course_lib.meter.sweep import Sweep, sweep, ways
