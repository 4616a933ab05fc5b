"""What is open in one process and can be kept nowhere else: cameras, connections, threads, programs."""

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Code
from adaptable_preflight.value import Either, Items, Table, Thing, Value

_LIVE = late_pattern(
    r"^(cv2\.VideoCapture|socket\.|serial\.|subprocess\.Popen|threading\.|multiprocessing\.|asyncio\.|concurrent\.futures\."
    r"|selenium\.|playwright\.|paramiko\.|telethon\.|websockets?\.)|(^|\.)(WebSocket|WebSocketServerProtocol)$"
)
"""Names of what is open in one process."""


def live_classes(code: Code) -> frozenset[str]:
    """Return the classes of the repository whose objects open something when they are made."""
    opening = (call.function for call in code.calls if call.function.endswith(".__init__") and _LIVE.search(call.name))
    return frozenset(function.removesuffix(".__init__").rpartition(".")[2] for function in opening)


def is_live(value: Value | None, classes: frozenset[str], depth: int = 0) -> bool:
    """Whether a value is, or holds, something that is open in one process and cannot be kept elsewhere."""
    match value:
        case Thing(name=name, kind="instance"):
            return bool(_LIVE.search(name)) or name.rpartition(".")[2] in classes
        case Either(options=parts) | Items(items=parts):
            return depth < 2 and any(is_live(one, classes, depth + 1) for one in parts)
        case Table(entries=entries):
            return depth < 2 and any(is_live(one, classes, depth + 1) for _, one in entries)
    return False
