"""Arrays, sets and lists of numbers as text that JSON can hold: compressed bytes in base64."""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from itertools import groupby

import numpy as np

LEVEL = 1
"""The fastest compression: what is packed is written again every few seconds."""


def packed(array: np.ndarray) -> str:
    """A whole array of 64-bit numbers, without its type and shape."""
    return _text(np.ascontiguousarray(array).tobytes())


def unpacked(text: str, kind: type = np.int64) -> np.ndarray:
    """The array, as a flat one of a type."""
    return np.frombuffer(_content(text), kind)


def packed_lists(lists: Sequence[Sequence[int]]) -> list[str]:
    """Lists of whole numbers: how long each is, and all of them one after the other."""
    flat = [item for one in lists for item in one]
    return [packed(np.array(numbers, np.int64)) for numbers in ([len(one) for one in lists], flat)]


def unpacked_lists(texts: Sequence[str]) -> list[tuple[int, ...]]:
    """The lists, as tuples."""
    lengths, flat = (unpacked(text).tolist() for text in texts)
    ends = np.cumsum([0, *lengths]).tolist()
    return [tuple(flat[start:end]) for start, end in zip(ends[:-1], ends[1:], strict=True)]


def packed_vectors(vectors: Sequence[np.ndarray], reference: np.ndarray) -> list[str]:
    """Vectors of one length: a reference, and where each differs from it, and what it has there."""
    at = [np.flatnonzero(one != reference) for one in vectors]
    values = [one[where] for one, where in zip(vectors, at, strict=True)]
    counts, places = np.array([len(where) for where in at], np.int64), np.concatenate([*at, np.empty(0, np.int64)])
    return [packed(reference), packed(counts), packed(places.astype(np.int64)), packed(np.concatenate([*values, []]))]


def unpacked_vectors(texts: Sequence[str]) -> list[np.ndarray]:
    """The vectors, without the reference."""
    reference, counts = unpacked(texts[0], np.float64), unpacked(texts[1]).tolist()
    at, values, vectors, start = unpacked(texts[2]), unpacked(texts[3], np.float64), [], 0
    for count in counts:
        one = reference.copy()
        one[at[start : start + count]] = values[start : start + count]
        vectors.append(one)
        start += count
    return vectors


def packed_shared(vectors: Sequence[np.ndarray | None], sparse: bool = False) -> list:
    """Vectors of which many may be the same object, or None: which one each is, and every one once, by its length."""
    once: dict[int, np.ndarray] = {id(one): one for one in vectors if one is not None}
    ordered = sorted(once.values(), key=len)
    place = {id(one): number for number, one in enumerate(ordered)}
    which = packed(np.array([-1 if one is None else place[id(one)] for one in vectors], np.int64))
    by_length = [list(same) for _, same in groupby(ordered, len)]
    return [which, *(packed_vectors(same, np.zeros_like(same[0]) if sparse else same[0]) for same in by_length)]


def unpacked_shared(shared: Sequence) -> list[np.ndarray | None]:
    """These vectors."""
    different = [one for same in shared[1:] for one in unpacked_vectors(same)]
    return [None if number < 0 else different[number] for number in unpacked(shared[0]).tolist()]


def packed_masks(masks: Sequence[int]) -> list:
    """Sets of bits, each as its difference from the one before: neighbours in a search differ by a few bits."""
    size = max(1, (max(masks, default=0).bit_length() + 7) // 8)
    before = [0, *masks][: len(masks)]
    content = b"".join((mask ^ last).to_bytes(size, "little") for mask, last in zip(masks, before, strict=True))
    return [size, _text(content)]


def unpacked_masks(pair: Sequence) -> list[int]:
    """The sets of bits."""
    size, content = pair[0], _content(pair[1])
    masks, last = [], 0
    for start in range(0, len(content), size):
        last ^= int.from_bytes(content[start : start + size], "little")
        masks.append(last)
    return masks


def _text(content: bytes) -> str:
    return b64encode(zlib.compress(content, LEVEL)).decode("ascii")


def _content(text: str) -> bytes:
    return zlib.decompress(b64decode(text))
