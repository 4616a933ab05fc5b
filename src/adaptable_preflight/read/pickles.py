"""Pickles: what unpickling imports. Nothing of a file is executed.

Source: https://github.com/python/cpython/blob/main/Lib/pickletools.py
"""

from collections.abc import Iterable, Iterator

from adaptable_preflight.checkout import Checkout

HEAD = 256_000
"""Bytes that are looked at: what a model consists of stands in front of its numbers."""
TOTAL = 16_000_000
"""Bytes that are looked at in all pickles together; each operation is one to several of them."""
_BINARY = b"\x80"
"""How a pickle of protocol 2 and later begins."""
_COMPRESSED = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x1f\x8b")
"""How zlib's and gzip's files begin, as joblib writes them."""
_STRINGS = frozenset({"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE"})
_STORES = frozenset({"PUT", "BINPUT", "LONG_BINPUT"})
_RECALLS = frozenset({"GET", "BINGET", "LONG_BINGET"})
_ARRAY = "joblib.numpy_pickle"
"""The module of joblib's placeholder for an array, whose numbers follow in the midst of the pickle."""


def pickled_names(paths: Iterable[str], checkout: Checkout) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield the files that are pickles, each with the classes and functions that it names, as module and name."""
    left = TOTAL
    for path in paths:
        data = checkout.head(path, HEAD) if left > 0 else b""
        if data.startswith(_COMPRESSED):
            data = _inflated(data)
        if data.startswith(_BINARY):
            left -= len(data)
            names = tuple(dict.fromkeys(_named(data)))
            if names:
                yield path, names


def _inflated(data: bytes) -> bytes:
    import zlib  # late, as below

    try:
        return zlib.decompressobj(wbits=47).decompress(data, HEAD)
    except zlib.error:
        return b""


def _named(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the names in the order of the file, as far as it can be taken apart."""
    import pickletools  # late: most repositories load no pickle

    recent = ("", "")
    memo: dict[object, str | None] = {}
    pushed: str | None = None
    array = False
    try:
        for operation, argument, _ in pickletools.genops(data):
            name = operation.name
            if name == "MEMOIZE":
                memo[len(memo)] = pushed
            elif name in _STORES:
                memo[argument] = pushed
            elif array and name == "BUILD":
                return  # the array's bytes are no operations
            else:
                pushed = str(argument) if name in _STRINGS else memo.get(argument) if name in _RECALLS else None
                recent = recent if pushed is None else (recent[1], pushed)
                if name in ("GLOBAL", "STACK_GLOBAL"):
                    module, _, attribute = (
                        str(argument).partition(" ") if name == "GLOBAL" else (recent[0], "", recent[1])
                    )
                    array = array or module == _ARRAY
                    yield module, attribute
    except Exception:  # a truncated or hostile file: what was found counts
        return
