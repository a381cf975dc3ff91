"""Versions in memory: loaded, switched and rolled back while requests are under way.

Each request holds a lease on the version it started with. A switch only decides what the *next* request gets; the old
version stays until its last lease ends, and is then released. So no request is lost, and none is answered by two.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Self

from course_lib.serving.models.backends import Backend, open_backend
from course_lib.serving.models.repository import Package, Repository
from course_lib.serving.models.version import Version
from course_lib.serving.protocol.refusal import Refusal
from course_lib.text.words import few, short

log = logging.getLogger("course.serving")


class Lease:
    """The right to use one version. It ends with the `with` block, or with the last future it is kept for."""

    def __init__(self, models: "ModelManager", version: Version) -> None:
        self.models, self.version, self.holds = models, version, 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def keep_for(self, future: Future[Any]) -> None:
        """Hold on until a future ends, even if nobody waits for it any longer."""
        with self.models.lock:
            self.holds += 1
        future.add_done_callback(lambda _: self._end())

    def _end(self) -> None:
        with self.models.lock:
            self.holds -= 1
            if not self.holds:
                self.version.leases -= 1
        if not self.holds:
            self.models.release_unused(self.version)


class ModelManager:
    """The models of a repository, one current version of each.

    Other servers call it so too: TensorFlow Serving's manager, Triton's model repository manager.
    """

    def __init__(
        self,
        repository: Repository,
        backend: str = "numpy",
        opener: Callable[[str, Package], Backend] = open_backend,
    ) -> None:
        self.repository, self.backend, self.opener = repository, backend, opener
        self.lock = threading.RLock()  # guards the tables below; held for a moment only
        self.loading = threading.RLock()  # one load after the other; requests go on meanwhile
        self.current: dict[str, Version] = {}
        self.earlier: dict[str, list[int]] = {}
        self.alive: list[Version] = []
        self.refused: dict[tuple[str, str], str] = {}  # {(model, version): why it could not be loaded}

    def load_all(self) -> None:
        """Bring the newest version of each model into service that can be; what is refused is in the log, and kept."""
        for model in self.repository.models():
            newest_first: list[int | None] = [*reversed(self.repository.versions(model))]
            for version in newest_first or [None]:
                try:
                    self.load(model, version)
                    break
                except Refusal:
                    continue

    def load(self, model: str, version: int | None = None) -> Version:
        """Bring a version (the newest where none is named) into service, in place of the current one.

        It is checked, loaded and tried out first; where any of that fails, the current version stays.
        """
        with self.loading:
            try:
                new = self._open(model, version)
            except Refusal as refusal:
                self._note(model, version, refusal)
                raise
            with self.lock:
                self.refused.pop((model, str(new.number)), None)
                old = self.current.get(model)
                self.current[model], new.current = new, True
                self.alive.append(new)
                if old:
                    old.current = False
                if old and old.number != new.number:
                    self.earlier.setdefault(model, []).append(old.number)
            log.info("%s is loaded%s", new, f" in place of version {old.number}" if old else "")
            if old:
                self.release_unused(old)
            return new

    def _open(self, model: str, version: int | None) -> Version:
        """A version, checked, loaded and tried out."""
        package = self.repository.open(model, version)
        backend = self.opener(self.backend, package)
        try:
            new = Version(package, backend)
            new.check_answers()
        except BaseException:
            backend.close()
            raise
        return new

    def _note(self, model: str, version: int | None, refusal: Refusal) -> None:
        """Keep why a version that lies in the repository could not be loaded."""
        known = self.repository.versions(model)
        number = str(known[-1] if known and version is None else version or "")
        if refusal.status in (409, 503):
            log.error("%s version %s is not loaded: %s", model, number or "?", refusal)
            with self.lock:
                self.refused[model, number] = refusal.message

    def why_not(self, model: str, number: str | None = None) -> str:
        """Why a version, or each that was tried, could not be loaded, as further sentences, or ""."""
        with self.lock:
            said = [why for (name, its), why in self.refused.items() if name == model and number in (None, its)]
        return "".join(f" {why}" for why in said)

    def rollback(self, model: str) -> Version:
        """Bring back the version that was current before the present one."""
        with self.loading:
            self.get(model)
            if not self.earlier.get(model):
                raise Refusal(f"There is no version of {model} to go back to: it was not switched yet.", status=409)
            back = self.load(model, self.earlier[model][-1])
            del self.earlier[model][-2:]  # the one gone back to, and the one just left
            return back

    def unload(self, model: str) -> None:
        """Take a model out of service; requests that are under way end normally."""
        with self.loading:
            with self.lock:
                old = self._current(model)
                del self.current[model]
                old.current = False
                self.earlier.pop(model, None)
            log.info("%s is taken out of service", old)
            self.release_unused(old)

    def lease(self, model: str, number: str | None = None) -> Lease:
        """A `Lease` on the current version, or on the version `number` where that is the current one."""
        with self.lock:
            version = self._current(model, number)
            version.leases += 1
            return Lease(self, version)

    def get(self, model: str, number: str | None = None) -> Version:
        """The current version, for a look at its signature."""
        with self.lock:
            return self._current(model, number)

    def _current(self, model: str, number: str | None = None) -> Version:
        version = self.current.get(model)
        if version is None:
            have = few(sorted(self.current)) or "none"
            raise Refusal(f"No model {short(model)} is loaded. Loaded: {have}.{self.why_not(model)}", status=404)
        if number is not None and number != str(version.number):
            raise Refusal(
                f"Version {short(number)} of {model} is not loaded; version {version.number} is. Leave the version out "
                f"to get the one that is loaded, or load another: POST /v2/repository/models/{model}/load?version=…"
                f"{self.why_not(model, number)}",
                status=404,
            )
        return version

    def release_unused(self, version: Version) -> None:
        """Let go of a version that is no longer current and has no lease."""
        with self.lock:
            if version.current or version.leases or version not in self.alive:
                return
            self.alive.remove(version)
        version.backend.close()
        log.info("%s is released", version)

    def states(self) -> list[tuple[Version, str]]:
        """[(version, "READY" or "UNLOADING")] of everything in memory."""
        with self.lock:
            return [(version, "READY" if version.current else "UNLOADING") for version in self.alive]

    def is_loading(self) -> bool:
        """Whether another thread brings a version into service, or takes one out."""
        free = self.loading.acquire(blocking=False)
        if free:
            self.loading.release()
        return not free

    def leases(self) -> dict[str, int]:
        """What is still being answered: {"classifier version 1": 2}."""
        with self.lock:
            return {str(version): version.leases for version in self.alive if version.leases}
