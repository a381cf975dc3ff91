"""Versions are switched while requests are under way: each request keeps its own, and each version ends once."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pytest
from patience import FAR
from serving_echo import Echo, models

from course_lib import serving
from course_lib.serving.models.backends import BACKENDS
from course_lib.serving.models.manager import ModelManager
from course_lib.serving.protocol.refusal import Refusal


@pytest.fixture
def made():
    return []


@pytest.fixture
def echo(made):
    return models(Echo, made)


def test_the_newest_version_is_loaded_where_none_is_named(echo):
    assert echo.load("FP32").number == 3
    assert echo.load("FP32", 1).number == 1


def test_a_request_keeps_the_version_it_started_with(echo, made):
    echo.load("FP32", 1)
    with echo.lease("FP32") as lease:
        echo.load("FP32", 2)
        assert lease.version.number == 1
        assert (lease.version.infer({"x": np.ones((1, 3), "f4")}, ["y"])["y"] == 1).all()
        assert echo.get("FP32").number == 2
        assert not made[0].closed
    assert made[0].closed and not made[1].closed


def test_an_old_version_is_released_with_its_last_request(echo, made):
    echo.load("FP32", 1)
    with echo.lease("FP32"):
        with echo.lease("FP32"):
            echo.load("FP32", 2)
        assert not made[0].closed
        assert [state for _, state in echo.states()] == ["UNLOADING", "READY"]
    assert made[0].closed
    assert [(version.number, state) for version, state in echo.states()] == [(2, "READY")]


def test_an_old_version_without_requests_is_released_at_once(echo, made):
    echo.load("FP32", 1)
    echo.load("FP32", 2)
    assert made[0].closed and not made[1].closed


def test_a_request_that_nobody_waits_for_keeps_its_version(echo, made):
    echo.load("FP32", 1)
    work = Future()
    with echo.lease("FP32") as lease:
        lease.keep_for(work)
    echo.load("FP32", 2)
    assert not made[0].closed
    work.set_result(None)
    assert made[0].closed


def test_rollback_goes_back_step_by_step(echo):
    for version in (1, 2, 3):
        echo.load("FP32", version)
    assert [echo.rollback("FP32").number for _ in range(2)] == [2, 1]
    with pytest.raises(Refusal, match="There is no version of FP32 to go back to") as refused:
        echo.rollback("FP32")
    assert refused.value.status == 409
    assert echo.get("FP32").number == 1


def test_loading_the_same_version_again_is_no_step_to_go_back_over(echo):
    for version in (1, 2, 2):
        echo.load("FP32", version)
    assert echo.rollback("FP32").number == 1


def test_unloading_takes_a_model_out_of_service_and_ends_its_requests_normally(echo, made):
    echo.load("FP32", 1)
    with echo.lease("FP32") as lease:
        echo.unload("FP32")
        assert lease.version.infer({"x": np.ones((1, 3), "f4")}, ["y"])
        with pytest.raises(Refusal, match=r"No model 'FP32' is loaded\. Loaded: none\."):
            echo.lease("FP32")
    assert made[0].closed
    assert echo.load("FP32").number == 3


def test_only_the_current_version_can_be_asked_for_by_number(echo):
    echo.load("FP32", 2)
    with echo.lease("FP32", "2") as lease:
        assert lease.version.number == 2
    for number in ("1", "02", "two", ""):
        with pytest.raises(Refusal, match=r"is not loaded; version 2 is\. .*load\?version=") as refused:
            echo.lease("FP32", number)
        assert refused.value.status == 404


def test_switching_under_many_threads_loses_no_request_and_releases_each_version_once(echo, made):
    echo.load("INT64", 1)
    stop = threading.Event()

    def ask():
        asked = 0
        while not stop.is_set():
            with echo.lease("INT64") as lease:
                number = lease.version.number
                assert (lease.version.infer({"x": np.full((1, 3), number)}, ["y"])["y"] == number).all()
                assert lease.version.number == number
            asked += 1
        return asked

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(ask) for _ in range(8)]
        for _ in range(20):
            for version in (2, 3, 1):
                echo.load("INT64", version)
        stop.set()
        assert all(future.result(FAR) > 0 for future in asking)
    assert [backend.closed for backend in made] == [True] * 60 + [False]


# ---- what must not come into service


class Refuses(Echo):
    def predict(self, inputs):
        raise ZeroDivisionError("broken")


class WrongShape(Echo):
    def predict(self, inputs):
        return {"y": inputs["x"][:, :2]}


class WrongType(Echo):
    def predict(self, inputs):
        return {"y": inputs["x"].astype("f8")}


class NoAnswer(Echo):
    def predict(self, inputs):
        return {}


@pytest.mark.parametrize(
    ("kind", "said"),
    [(Refuses, "broken"), (WrongShape, r"float32 \[1, 2\] for y FP32"), (WrongType, "float64"), (NoAnswer, "'y'")],
)
def test_a_model_that_does_not_keep_its_signature_is_not_loaded(kind, said):
    broken = models(kind)
    with pytest.raises(Refusal, match=f"FP32 version 3 does not do what its signature says: .*{said}") as refused:
        broken.load("FP32")
    assert refused.value.status == 409 and not broken.current


def test_a_damaged_version_leaves_the_one_in_service_alone(tmp_path, repository):
    import shutil

    shutil.copytree(repository.path, tmp_path / "models")
    held = ModelManager(serving.Repository(tmp_path / "models"))
    held.load("classifier", 1)
    path = tmp_path / "models" / "classifier" / "2" / "vocabulary.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("font", "fount"), encoding="utf-8")
    with pytest.raises(
        Refusal, match=r"Version 2 of classifier is not what was published: vocabulary\.txt has changed"
    ):
        held.load("classifier", 2)
    assert held.get("classifier").number == 1
    with pytest.raises(Refusal, match="was not switched yet"):
        held.rollback("classifier")


def test_a_backend_names_those_that_could_serve_a_version(repository):
    held = ModelManager(repository, "tensorflow")
    with pytest.raises(Refusal, match=r"holds no saved_model, .* It can be served by: numpy\."):
        held.load("classifier")
    with pytest.raises(ValueError, match=f"There is no backend 'torch'.*{', '.join(BACKENDS)}"):
        ModelManager(repository, "torch").load("classifier")
