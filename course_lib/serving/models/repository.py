"""Versions of models on disk.

    <repository>/<model>/<version>/model.npz or saved_model/     the model
                                   signature.json                what it takes and gives
                                   vocabulary.txt, labels.txt    the steps around it
                                   checksums.json                SHA-256 of each of these files

A version appears whole or not at all, and never changes afterwards: what was served yesterday can be served again.
"""

import contextlib
import hashlib
import json
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from course_lib.serving.protocol.refusal import Refusal
from course_lib.serving.protocol.signature import Signature, read_signature

CHECKSUMS = "checksums.json"
MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
VERSION = re.compile(r"[1-9][0-9]{0,8}")


class Package(NamedTuple):
    """A version on disk whose files are sound. files: the names of those that were published with it."""

    model: str
    version: int
    folder: Path
    signature: Signature
    files: frozenset[str]


log = logging.getLogger("course.serving")


class Repository:
    """The folder in which the versions lie. It need not exist before the first is published."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def __repr__(self) -> str:
        held = ", ".join(f"{model} {self.versions(model)}" for model in self.models())
        return f"Repository({str(self.path)!r}: {held or 'empty'})"

    def models(self) -> list[str]:
        """The names of the models that have a version."""
        if not self.path.is_dir():
            return []
        return sorted(p.name for p in self.path.iterdir() if MODEL_NAME.fullmatch(p.name) and self.versions(p.name))

    def versions(self, model: str) -> list[int]:
        """The numbers of a model's versions, oldest first."""
        folder = self.path / model
        if not MODEL_NAME.fullmatch(model) or not folder.is_dir():
            return []
        return sorted(int(p.name) for p in folder.iterdir() if VERSION.fullmatch(p.name) and p.is_dir())

    @contextlib.contextmanager
    def publish(self, model: str, version: int) -> Iterator[Path]:
        """A new folder to write a version's files into; where the block ends well, it becomes the version.

            with repository.publish("classifier", 2) as folder:
                model.save(folder / "model.npz")
                …

        Nobody ever sees half a version: it is written beside its place and moved there in one step.
        """
        if not MODEL_NAME.fullmatch(str(model)) or not VERSION.fullmatch(str(version)):
            raise ValueError(
                f"publish got model {model!r}, version {version!r}; a name is of letters, digits, '.', '_' and '-', "
                f"a version a whole number from 1."
            )
        place = self.path / model / str(version)
        self._check_free(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=place.parent))
        try:
            yield draft
            read_signature(draft / "signature.json")
            text = json.dumps(checksums(draft), indent=2) + "\n"
            (draft / CHECKSUMS).write_text(text, encoding="utf-8")
            draft.chmod(0o755)  # mkdtemp's folders are closed to others
            try:
                os.rename(draft, place)
            except OSError:
                self._check_free(place)  # somebody else was first
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _check_free(self, place: Path) -> None:
        if place.exists():
            raise FileExistsError(
                f"Version {place.name} of {place.parent.name} is already published in {self.path}, and a version never "
                f"changes. Publish version {max(self.versions(place.parent.name), default=0) + 1}."
            )

    def open(self, model: str, version: int | None = None) -> Package:
        """The version (the newest where none is named) as a `Package`, after each of its files was checked."""
        known = self.versions(model)
        if not known:
            have = ", ".join(self.models()) or "none"
            raise Refusal(f"There is no model {model!r} in the repository. There are: {have}.", status=404)
        version = known[-1] if version is None else version
        if int(version) not in known:
            have = ", ".join(map(str, known))
            raise Refusal(f"There is no version {version} of {model} in the repository. There are: {have}.", status=404)
        folder = self.path / model / str(version)
        files = check_files(folder, f"Version {version} of {model}")
        try:
            signature = read_signature(folder / "signature.json")
        except ValueError as error:
            raise Refusal(str(error), status=409) from error
        if missing := [name for name in _names_read(signature) if name not in files]:
            raise Refusal(
                f"Version {version} of {model} names {', '.join(map(repr, missing))} in its signature, which was not "
                f"published with it. Publish a version that brings all its files.",
                status=409,
            )
        return Package(model, int(version), folder, signature, files)


def _names_read(signature: Signature) -> list[str]:
    """The files that the steps around a model read."""
    steps = (signature.preprocessing, "vocabulary"), (signature.postprocessing, "labels")
    return [step[key] for step, key in steps if step and key in step]


def left_by_others(name: str) -> bool:
    """Whether a desktop or an editor leaves files of this name in any folder that it shows."""
    return any(part.startswith(".") or part in ("Thumbs.db", "desktop.ini", "__pycache__") for part in name.split("/"))


def files_in(folder: Path) -> list[str]:
    """The names of a version's files, without its table and without what others leave there."""
    names = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return sorted(name for name in names if name != CHECKSUMS and not left_by_others(name))


def checksums(folder: Path) -> dict[str, str]:
    """{file: SHA-256} of every file in a version's folder."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files_in(folder)}


def check_files(folder: Path, label: str) -> frozenset[str]:
    """Refuse a version that is not what was published; returns the names of its files.

    This finds damage; it does not prove who published it. A file that was added is told in the log and harms nothing:
    only what was published is ever opened.
    """
    try:
        published = json.loads((folder / CHECKSUMS).read_text(encoding="utf-8"))
        if not isinstance(published, dict):
            raise ValueError("it holds no table of files")
    except (OSError, ValueError) as error:
        raise Refusal(f"{label} cannot be checked: {CHECKSUMS}: {error}. Publish it again.", status=409) from error
    published = {name: checksum for name, checksum in published.items() if not left_by_others(name)}
    there = set(files_in(folder))
    for name, checksum in sorted(published.items()):
        if name not in there:
            what = "is missing"
        elif (found := hashlib.sha256((folder / name).read_bytes()).hexdigest()) != checksum:
            what = f"has changed (SHA-256 is {found[:12]}…, was {str(checksum)[:12]}…)"
        else:
            continue
        raise Refusal(
            f"{label} is not what was published: {name} {what}. It is not loaded. Publish a new version.", status=409
        )
    if added := sorted(there - published.keys()):
        log.warning("%s holds what was not published with it and is not read: %s", label, ", ".join(added))
    return frozenset(published)
