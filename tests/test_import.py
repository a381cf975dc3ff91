"""`import course_lib` is light: NumPy, the standard library and itself."""

import json
import subprocess
import sys

import pytest
from test_architecture import ENGINE

HEAVY = {
    "tensorflow",
    "keras",
    "matplotlib",
    "scipy",
    "sklearn",
    "pandas",
    "anywidget",
    "IPython",
    "jupytext",
    "nbformat",
}


def modules_after(statement):
    """Names of all modules in a fresh process after this statement."""
    program = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stderr == ""
    return set(json.loads(result.stdout))


@pytest.fixture(scope="module")
def loaded():
    return modules_after("import course_lib")


def test_it_loads_numpy_and_itself_and_nothing_else(loaded):
    added = {name.partition(".")[0] for name in loaded - modules_after("import numpy.random")}
    assert added - sys.stdlib_module_names - {"numpy"} == {"course_lib"}


def test_none_of_the_heavy_libraries_is_loaded(loaded):
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()


def test_only_the_engine_is_loaded(loaded):
    rooms = {name.split(".")[1] for name in loaded if name.startswith("course_lib.")}
    unasked = rooms - ENGINE
    assert not unasked, f"`import course_lib` loads {sorted(unasked)}: import it where it is used"


def test_the_bridge_loads_keras_only_when_called():
    loaded = modules_after("from course_lib import parity")
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()


def test_keras_comes_without_a_line_on_the_screen():
    program = """
import numpy as np
from course_lib import parity
keras = parity.quiet_keras()
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
model.compile("adam", "mse")
model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
model.predict(np.ones((4, 3)), verbose=0)
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (result.stdout, result.stderr) == ("", "")
