"""The files that the course ships, each whole or not at all: half a vocabulary would count other words in silence."""

import hashlib
import io
from pathlib import Path

FILES = Path(__file__).parent / "files"
SHA256 = {
    "digits.npz": "b2dab7b501728c22e9119ad76740b2e17c77a231e42d1e592380d90886f1a05e",
    "text.jsonl.gz": "b971ade501554e3f56fa0e595f286f5a3a6340ebf80b7be6f6eb992ef2d5b497",
    "text_counts.npz": "b0e10bd97d0aea74bdb96dfc5f352edba848d15474be6b95b34fd468135671a5",
    "text_vocabulary.txt": "11e596042cd7dc064e0f0d838ebf0725bf4561008dded938817744f9234cce26",
}


def shipped(name):
    """A shipped file as a stream of bytes; a ValueError where it is not what was shipped."""
    raw = (FILES / name).read_bytes()
    if name.endswith(".txt"):
        raw = raw.replace(b"\r\n", b"\n")  # as git writes lines on Windows
    if hashlib.sha256(raw).hexdigest() != SHA256[name]:
        raise ValueError(
            f"{FILES / name} is damaged: it is not the file that the course ships ({len(raw):,} bytes are here). "
            f"Get it anew: `git checkout -- {name}` in its folder, after `git lfs pull` where Git LFS keeps it."
        )
    return io.BytesIO(raw)
