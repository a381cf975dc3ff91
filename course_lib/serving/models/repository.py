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

from course_lib.serving.leftovers import Held, remove_unheld
from course_lib.serving.protocol.json_file import read_json
from course_lib.serving.protocol.refusal import Refusal
from course_lib.serving.protocol.signature import Signature, read_signature
from course_lib.text.words import few, one_line, short

CHECKSUMS, SIGNATURE = "checksums.json", "signature.json"
MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
VERSION = re.compile(r"[1-9][0-9]{0,8}")
CHECKSUM = re.compile(r"[0-9a-f]{64}")
LARGEST_TEXT = 10_000_000  # bytes of a vocabulary, or of the labels


class Package(NamedTuple):
    """A version on disk whose files are sound. files: the names of those that were published with it."""

    model: str
    version: int
    folder: Path
    signature: Signature
    files: frozenset[str]

    def refusal(self, why: str) -> Refusal:
        """Why this version cannot be served, although its files are what was published."""
        return refusal(self.model, self.version, why)

    def read_text(self, name: str) -> str:
        """One of its files, of at most `LARGEST_TEXT` bytes."""
        try:
            if (size := (self.folder / name).stat().st_size) > LARGEST_TEXT:
                raise self.refusal(f"its {short(name)} has {size:,} bytes; {LARGEST_TEXT:,} are more than enough")
            return (self.folder / name).read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise self.refusal(f"its {short(name)} is not UTF-8 at byte {error.start}") from error
        except OSError as error:
            raise self.refusal(f"its {short(name)} cannot be read: {error.strerror}") from error


def refusal(model: str, version: int | str, why: str) -> Refusal:
    return Refusal(
        f"Version {version} of {model} cannot be served: {why.rstrip('.')}. Mend it, and publish it as a new version.",
        status=409,
    )


log = logging.getLogger("course.serving")


class Repository:
    """The folder in which the versions lie. It need not exist before the first is published."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def __repr__(self) -> str:
        held = ", ".join(f"{model} {self.versions(model)}" for model in self.models())
        return f"Repository({str(self.path)!r}: {held or 'empty'})"

    def models(self) -> list[str]:
        """The names of the models that have a version, or may have one in a folder that cannot be read."""
        try:
            names = os.listdir(self.path)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise Refusal(f"The repository cannot be read: {error.strerror}. Mend its rights.", status=503) from error
        return sorted(name for name in names if MODEL_NAME.fullmatch(name) and self._may_have_versions(name))

    def _may_have_versions(self, model: str) -> bool:
        try:
            return bool(self._list_versions(model))
        except OSError:
            return True

    def versions(self, model: str) -> list[int]:
        """The numbers of a model's versions, oldest first, broken ones too; [] where its folder cannot be read."""
        try:
            return self._list_versions(model)
        except OSError:
            return []

    def _list_versions(self, model: str) -> list[int]:
        """As `versions`, or an OSError where the model's folder cannot be read."""
        if not MODEL_NAME.fullmatch(model):
            return []
        try:
            return sorted(int(name) for name in os.listdir(self.path / model) if VERSION.fullmatch(name))
        except (FileNotFoundError, NotADirectoryError):
            return []

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
        remove_unheld(place.parent.glob(".draft-*"))  # of processes that were killed as they wrote
        held = Held(lambda: tempfile.mkdtemp(prefix=".draft-", dir=place.parent))
        draft = held.path
        try:
            yield draft
            read_signature(draft / SIGNATURE)
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
            held.let_go()

    def _check_free(self, place: Path) -> None:
        if place.exists():
            raise FileExistsError(
                f"Version {place.name} of {place.parent.name} is already published in {self.path}, and a version never "
                f"changes. Publish version {max(self.versions(place.parent.name), default=0) + 1}."
            )

    def open(self, model: str, version: int | None = None) -> Package:
        """The version (the newest where none is named) as a `Package`, after each of its files was checked."""
        try:
            known = self._list_versions(model)
        except OSError as error:
            said = f"The folder of model {model!r} cannot be read: {error.strerror}. Mend its rights."
            raise Refusal(said, status=409) from error
        if not known:
            have = few(self.models()) or "none"
            raise Refusal(f"There is no model {short(model)} in the repository. There are: {have}.", status=404)
        if version is not None and not VERSION.fullmatch(str(version)):
            raise Refusal(f"{short(version)} is no version: it must be a whole number from 1, as in {known[-1]}.")
        number = known[-1] if version is None else int(version)
        if number not in known:
            have = few(known)
            raise Refusal(f"There is no version {number} of {model} in the repository. There are: {have}.", status=404)
        folder = self.path / model / str(number)
        files = check_files(folder, f"Version {number} of {model}")
        if SIGNATURE not in files:
            raise refusal(model, number, f"no {SIGNATURE} was published with it")
        try:
            signature = read_signature(folder / SIGNATURE)
        except ValueError as error:
            raise refusal(model, number, str(error)) from error
        if missing := [name for name in _names_read(signature) if name not in files]:
            raise refusal(model, number, f"its signature names {few(map(short, missing))}, not published with it")
        return Package(model, number, folder, signature, files)


def _names_read(signature: Signature) -> list[str]:
    """The files that the steps around a model read."""
    steps = (signature.preprocessing, "vocabulary"), (signature.postprocessing, "labels")
    return [step[key] for step, key in steps if step and key in step]


def left_by_others(name: str) -> bool:
    """Whether a desktop or an editor leaves files of this name in any folder that it shows."""
    return any(part.startswith(".") or part in ("Thumbs.db", "desktop.ini", "__pycache__") for part in name.split("/"))


def files_in(folder: Path) -> list[str]:
    """The names of a version's files, without its table and without what others leave there."""
    names = []
    for where, _, files in os.walk(folder, onerror=_fail):
        names += [Path(where, name).relative_to(folder).as_posix() for name in files]
    return sorted(
        name for name in names if name != CHECKSUMS and not left_by_others(name) and os.path.isfile(folder / name)
    )


def _fail(error: OSError) -> None:
    """A folder that cannot be read holds nobody knows what."""
    raise error


def checksum(path: Path) -> str:
    """The SHA-256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksums(folder: Path) -> dict[str, str]:
    """{file: SHA-256} of every file in a version's folder."""
    return {name: checksum(folder / name) for name in files_in(folder)}


def read_checksums(path: Path) -> dict[str, str]:
    """What `publish` wrote, or a ValueError that says what is wrong with the file."""
    table = read_json(path)
    if not isinstance(table, dict):
        raise ValueError("it holds no table of files")
    for name, written in table.items():
        if not isinstance(written, str) or not CHECKSUM.fullmatch(written):
            raise ValueError(f"it holds {short(written)} for {short(name)}, which is no SHA-256")
    return table


def check_files(folder: Path, label: str) -> frozenset[str]:
    """Refuse a version that is not what was published; returns the names of its files.

    This finds damage; it does not prove who published it. A file that was added is told in the log and harms nothing:
    only what was published is ever opened.
    """
    if not folder.is_dir():
        raise Refusal(f"{label} is no folder. It is not loaded. Publish it again.", status=409)
    try:
        table = read_checksums(folder / CHECKSUMS)
        there = set(files_in(folder))
        published = {name: written for name, written in table.items() if not left_by_others(name)}
        changes = ((name, _change(folder, name, published[name], there)) for name in sorted(published))
        changed = next(((name, what) for name, what in changes if what), None)
    except ValueError as error:
        raise Refusal(f"{label} cannot be checked: {CHECKSUMS}: {error}. Publish it again.", status=409) from error
    except OSError as error:
        what = f"{one_line(os.path.basename(error.filename or folder), 80)}: {error.strerror}"
        raise Refusal(f"{label} cannot be read ({what}). It is not loaded. Mend its rights.", status=409) from error
    if changed:
        name, what = changed
        raise Refusal(
            f"{label} is not what was published: {one_line(name, 80)} {what}. It is not loaded. Publish a new version.",
            status=409,
        )
    if added := sorted(there - published.keys()):
        log.warning(
            "%s holds what was not published with it and is not read: %s",
            label,
            few(one_line(name, 80) for name in added),
        )
    return frozenset(published)


def _change(folder: Path, name: str, written: str, there: set[str]) -> str | None:
    """What became of a file since it was published, as words; None where nothing did."""
    if name not in there:
        return "is no file any more" if os.path.lexists(folder / name) else "is missing"
    found = checksum(folder / name)
    return None if found == written else f"has changed (SHA-256 is {found[:12]}…, was {written[:12]}…)"
