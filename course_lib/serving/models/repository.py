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
import os
import re
import shutil
import tempfile
from collections import namedtuple
from pathlib import Path

from course_lib.serving.protocol.refusal import Refusal
from course_lib.serving.protocol.signature import read_signature

CHECKSUMS = "checksums.json"
MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
VERSION = re.compile(r"[1-9][0-9]{0,8}")

Package = namedtuple("Package", "model version folder signature")  # a version on disk whose files are sound


class Repository:
    """The folder in which the versions lie. It need not exist before the first is published."""

    def __init__(self, path):
        self.path = Path(path)

    def __repr__(self):
        held = ", ".join(f"{model} {self.versions(model)}" for model in self.models())
        return f"Repository({str(self.path)!r}: {held or 'empty'})"

    def models(self):
        """The names of the models that have a version."""
        if not self.path.is_dir():
            return []
        return sorted(p.name for p in self.path.iterdir() if MODEL_NAME.fullmatch(p.name) and self.versions(p.name))

    def versions(self, model):
        """The numbers of a model's versions, oldest first."""
        folder = self.path / model
        if not MODEL_NAME.fullmatch(model) or not folder.is_dir():
            return []
        return sorted(int(p.name) for p in folder.iterdir() if VERSION.fullmatch(p.name) and p.is_dir())

    @contextlib.contextmanager
    def publish(self, model, version):
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

    def _check_free(self, place):
        if place.exists():
            raise FileExistsError(
                f"Version {place.name} of {place.parent.name} is already published in {self.path}, and a version never "
                f"changes. Publish version {max(self.versions(place.parent.name), default=0) + 1}."
            )

    def open(self, model, version=None):
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
        check_files(folder, f"Version {version} of {model}")
        try:
            return Package(model, int(version), folder, read_signature(folder / "signature.json"))
        except ValueError as error:
            raise Refusal(str(error), status=409) from error


def checksums(folder):
    """{file: SHA-256} of every file in a version's folder."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p != folder / CHECKSUMS)
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def check_files(folder, label):
    """Refuse a version that is not what was published. This finds damage; it does not prove who published it."""
    try:
        published = json.loads((folder / CHECKSUMS).read_text(encoding="utf-8"))
        if not isinstance(published, dict):
            raise ValueError("it holds no table of files")
    except (OSError, ValueError) as error:
        raise Refusal(f"{label} cannot be checked: {CHECKSUMS}: {error}. Publish it again.", status=409) from error
    found = checksums(folder)
    for name in sorted(published.keys() | found.keys()):
        if found.get(name) == published.get(name):
            continue
        what = "is missing" if name not in found else "was added" if name not in published else "has changed"
        raise Refusal(
            f"{label} is not what was published: {name} {what}"
            + (f" (SHA-256 is {found[name][:12]}…, was {published[name][:12]}…)" if what == "has changed" else "")
            + ". It is not loaded. Publish a new version.",
            status=409,
        )
