"""`single-instance-socketio`: messages reach only those who are connected to the same process."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.finding import Confidence, Finding, Severity
from adaptable_preflight.model import Call, Deployment
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Table, Value, text_of

ID = "single-instance-socketio"
CLAUSE = "stateless"
SEVERITY = Severity.WARNING
SUMMARY = "Socket.IO or channels without a message queue."

QUEUES = {
    "flask_socketio.SocketIO": "message_queue",
    "socketio.Server": "client_manager",
    "socketio.AsyncServer": "client_manager",
}
"""What makes a Socket.IO server, and the argument that tells its message queue."""
_SOCKETIO = 'Name a Redis database as the message queue: SocketIO(app, message_queue=os.environ["REDIS_URL"]).'
_CHANNELS = 'Name a Redis database: "BACKEND": "channels_redis.core.RedisChannelLayer" with its address in "CONFIG".'
MEMORY_LAYER = "channels.layers.InMemoryChannelLayer"


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each Socket.IO server, or layer of Django's channels, that lives in one process."""
    calls = deployment.code.calls
    queued = any(_queue(call, call.name.removesuffix(".init_app")) for call in calls)
    for call in calls:
        if call.phase == "import" and call.name in QUEUES and not queued and happens(deployment, call.guards):
            severity, confidence = weighed(SEVERITY, doubts(call.guards))
            yield _finding(deployment, severity, call.span, _SOCKETIO, confidence)
    yield from _between_workers(deployment)
    for setting in deployment.code.settings:
        default = setting.value.get("default") if isinstance(setting.value, Table) else None
        backend = default.get("BACKEND") if isinstance(default, Table) else None
        if setting.name == "CHANNEL_LAYERS" and text_of(backend) == MEMORY_LAYER:
            yield _finding(deployment, SEVERITY, setting.span, _CHANNELS)


def _between_workers(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding where several workers serve clients that begin with long polling, queue or not.

    Source: https://python-socketio.readthedocs.io/en/stable/server.html#deployment-strategies (sticky sessions)
    """
    made = [call for call in deployment.code.calls if call.name in QUEUES and call.phase == "import"]
    server = deployment.web.server if deployment.web is not None else None
    if not made or server is None or not server.workers or server.workers < 2:
        return
    if any(argument.name == "transports" for call in made for argument in call.arguments):
        return
    yield Finding(
        ID,
        SEVERITY,
        server.asked_workers or server.span,
        f"A client of Socket.IO begins with several requests, and on {deployment.platform.title} each may reach "
        f"another of the {server.workers} workers, which does not know its session: 400 Bad Request.",
        "Let one worker with threads or an event loop serve; or let all clients use WebSocket alone.",
        "medium",
    )


def _queue(call: Call, name: str) -> bool:
    """Whether a call tells a message queue."""
    keyword = QUEUES.get(name)
    argument = next((a.value for a in call.arguments if a.name == keyword), None) if keyword else None
    return argument is not None and not _is_none(argument)


def _is_none(value: Value) -> bool:
    return isinstance(value, Known) and value.value is None


def _finding(
    deployment: Deployment, severity: Severity, span: Span, advice: str, confidence: Confidence = "high"
) -> Finding:
    return Finding(
        ID,
        severity,
        span,
        f"Without a message queue an event reaches only the clients of the same process: with two instances on "
        f"{deployment.platform.title} half of the users never get it.",
        advice,
        confidence,
        from_absence=True,
    )
