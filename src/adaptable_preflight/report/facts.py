"""The Deployment as the JSON that `facts` prints; `check --format json` shows its processes."""

from typing import Any

from adaptable_preflight.model import App, Bind, Deployment, Descriptor, Process, Tcp, Unix
from adaptable_preflight.report.escape import json_text, masked
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Value, show, text_of, unknown_part

SCHEMA_VERSION = 1

Json = dict[str, Any]


def render(deployment: Deployment) -> str:
    """Return the whole Deployment as JSON."""
    code = deployment.code
    return json_text(
        {
            "schema_version": SCHEMA_VERSION,
            "platform": deployment.platform.name,
            "processes": processes(deployment),
            "requirements": [
                {"name": r.name, "specifier": r.specifier, **_place(r.span), "group": r.group}
                for r in deployment.installed.requirements
                if r.name and not r.locked
            ],
            "reach": {
                "modules": list(code.modules),
                "complete": code.complete,
                "gaps": [{**_place(gap.span), "why": gap.why} for gap in code.gaps],
            },
        }
    )


def processes(deployment: Deployment) -> list[Json]:
    """Return the processes, each with what it listens on and serves."""
    return [_process(process) for process in deployment.processes]


def _place(span: Span) -> Json:
    return {"path": span.path, "line": span.line}


def _process(process: Process) -> Json:
    server = process.server
    return {
        "name": process.name,
        "source": {"kind": process.origin.kind, **_place(process.origin.span)},
        "command": masked(process.command),
        "shell": process.shell,
        "outcome": process.outcome,
        "reason": process.reason,
        "server": {"name": server.name, "interface": server.interface} if server else None,
        "binds": [_bind(bind) for bind in process.opened],
        "workers": _workers(process) if server else None,
        "threads": server.threads if server else None,
        "worker_class": server.worker_class if server else None,
        "tls": any(each.tls for each in process.servers),
        "app": _app(process.app) if process.app else None,
    }


def _workers(process: Process) -> int | None:
    """Return how many processes serve, of all servers that the command starts."""
    counts = [server.workers for server in process.servers]
    return None if None in counts else sum(count for count in counts if count is not None)


def _app(app: App) -> Json:
    return {
        "module": app.module,
        "attribute": app.attribute,
        "factory": app.factory,
        "path": app.path,
        "line": app.span.line if app.span else None,
        "found": "unknown" if app.found is None else app.found,
        "framework": app.framework,
    }


def _bind(bind: Bind) -> Json:
    if isinstance(bind, Tcp):
        host, port = _open(bind.host), _port(bind.port)
        if host is None or port is None:
            return {"kind": "unknown", "why": _why(bind)}
        return {"kind": "tcp", "host": host, "port": port}
    if isinstance(bind, Unix):
        path = text_of(bind.path)
        return (
            {"kind": "unix", "path": path} if path is not None else {"kind": "unknown", "why": "its path is not known"}
        )
    if isinstance(bind, Descriptor):
        return {"kind": "fd", "fd": bind.number}
    return {"kind": "unknown", "why": bind.why}


def _why(bind: Tcp) -> str:
    part = unknown_part(bind.host) or unknown_part(bind.port)
    return part.why if part else f"the address «{show(bind.host)}:{show(bind.port)}» is not fixed"


def _open(value: Value) -> str | Json | None:
    """Return text, or a variable with its default; None where the value is neither."""
    if isinstance(value, FromEnv):
        return {"env": value.name, "default": show(value.default) or None}
    return text_of(value)


def _port(value: Value) -> int | Json | None:
    port = _open(value)
    if isinstance(port, str):
        return int(port) if port.isascii() and port.strip().isdigit() else None
    return port
