"""What both engines must know about keys: which partition a key belongs to, and which of two keys comes first.

A key is a string, bytes, a number, None, or a tuple of such. That is asked for because equal keys must meet in one
partition whichever process computed them, and Python salts the `hash` of a string anew in each process.
"""

import zlib
from numbers import Real
from typing import Any

MASK = (1 << 63) - 1


def stable_hash(key: object) -> int:
    """A whole number that is the same in every process, and the same for equal keys (1, 1.0 and True are equal).

    Numbers, None and tuples of them hash as in PySpark (`pyspark.rdd.portable_hash`), so both engines put them into
    the same partition. Strings by CRC-32 of their UTF-8 bytes: PySpark takes Python's own hash with the salt fixed.
    """
    if key is None:
        return 0
    if isinstance(key, str):
        return zlib.crc32(key.encode("utf-8", "surrogatepass"))
    if isinstance(key, bytes):
        return zlib.crc32(key)
    if isinstance(key, tuple):
        mixed = 0x345678
        for part in key:
            mixed = ((mixed ^ stable_hash(part)) * 1000003) & MASK
        return mixed ^ len(key)
    if isinstance(key, Real) and key == key:  # NaN equals nothing, not even itself: it could never be grouped
        return hash(key)
    raise TypeError(
        f"The key {key!r} ({type(key).__name__}) has no partition. A key is a string, bytes, a number other than NaN, "
        "None, or a tuple of such. Turn it into one: tuple(key), str(key), …"
    )


def partition_of(key: object, partitions: int) -> int:
    """The number of the partition that a key belongs to: stable_hash(key) mod partitions."""
    return stable_hash(key) % partitions


def sort_key(key: object) -> tuple[Any, ...]:
    """For `sorted`: None, then numbers, strings, bytes, tuples. So keys of several kinds can be sorted too."""
    if key is None:
        return (0,)
    if isinstance(key, str):
        return 2, key
    if isinstance(key, bytes):
        return 3, key
    if isinstance(key, tuple):
        return 4, tuple(map(sort_key, key))
    return 1, key
