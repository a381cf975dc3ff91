"""Measure everything and print one table; exit with 1 where a goal is missed."""

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy is imported

import argparse
import compileall
import statistics
import subprocess
import sys

import numpy as np

import course_lib
from benchmarks.measure import gemm_peak, in_turns, median_ratio
from benchmarks.models import classifier, classifier_flops, digits_cnn, inference_engines, long_training
from course_lib.text.tables import table


def training_rows(keras, rounds, peak):
    for batch, goal in ((32, 5.0), (128, 3.5), (1024, 1.8)):
        yield training_row(
            f"classifier, fit, batch {batch}",
            classifier(keras, batch),
            goal,
            rounds,
            peak,
            classifier_flops(batch),
        )
    yield training_row("digits CNN 8×8, fit, batch 64", digits_cnn(keras, 64), 4.5, rounds, peak, None)


def training_row(name, work, goal, rounds, peak, flops_per_step):
    ours, theirs, steps = work
    times = in_turns({"ours": ours, "keras": theirs}, rounds)
    ratio = median_ratio(times["keras"], times["ours"])
    step = statistics.median(times["ours"]) / steps
    share = f"{flops_per_step / step / peak:.0%}" if flops_per_step else ""
    return name, f"{1 / step:,.0f} steps/s", "Keras fit", ratio, goal, share


def inference_rows(keras, rounds):
    calls, functions = inference_engines(keras)
    times = in_turns(functions, rounds)
    one = f"{calls / statistics.median(times['ours']):,.0f} calls/s"
    yield "one row, forward", one, "SavedModel's call", median_ratio(times["savedmodel"], times["ours"]), 25.0, ""
    yield "one row, forward", one, "its NumPy calls alone", median_ratio(times["bare"], times["ours"]), 0.8, ""
    yield "one row, forward", one, "onnxruntime", median_ratio(times["onnxruntime"], times["ours"]), 1 / 1.4, ""


def steadiness_rows(rounds):
    """Steps late in training against the first ones: denormal numbers would make them several times slower."""
    for name, early, late in long_training():
        times = in_turns({"early": early, "late": late}, rounds)
        step = f"{1e6 * statistics.median(times['late']) / 200:,.0f} µs"
        yield (
            f"{name}, step 5,000 on",
            step,
            "first 200 steps",
            median_ratio(times["early"], times["late"]),
            1 / 1.3,
            "",
        )


def import_row(rounds):
    """Importing course_lib against importing NumPy, in fresh processes, both compiled as after an install."""
    compileall.compile_dir(course_lib.__path__[0], quiet=1)

    def fresh(statement):
        return lambda: subprocess.run([sys.executable, "-c", statement], check=True)

    times = in_turns(
        {"numpy": fresh("import numpy"), "ours": fresh("import course_lib"), "bare": fresh("pass")}, 3 * rounds
    )
    bare = statistics.median(times["bare"])
    ours, numpy = (statistics.median(times[name]) - bare for name in ("ours", "numpy"))
    return "import course_lib", f"{1000 * ours:.0f} ms", "import numpy", numpy / ours, 1 / 1.6, ""


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="turns that count (default 7)")
    rounds = parser.parse_args().rounds
    from course_lib.parity import quiet_keras

    keras = quiet_keras()
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    peak = gemm_peak()
    rows = [
        *training_rows(keras, rounds, peak),
        *inference_rows(keras, rounds),
        *steadiness_rows(rounds),
        import_row(rounds),
    ]
    print(
        f"NumPy {np.__version__}, Keras {keras.__version__}, TensorFlow {tf.__version__}; "
        f"one thread; fastest matrix product {peak / 1e9:.0f} GFLOP/s; medians of {rounds} rounds taken in turns\n"
    )
    head = ["what", "course_lib", "against", "times as fast", "goal", "reached", "share of the product's speed"]
    cells = [
        [name, speed, peer, f"{ratio:.2f}", f"{goal:.2f}", "yes" if ratio >= goal else "NO", share]
        for name, speed, peer, ratio, goal, share in rows
    ]
    print(table(head, cells, right=(), ruled=True))
    return 0 if all(row[3] >= row[4] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
