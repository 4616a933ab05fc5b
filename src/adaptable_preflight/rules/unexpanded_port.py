"""`unexpanded-port`: the text `$PORT` itself reaches the server."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.listening import sockets, span_of
from adaptable_preflight.model import Deployment, Process
from adaptable_preflight.source import Span
from adaptable_preflight.value import text_of

ID = "unexpanded-port"
CLAUSE = "listen"
SEVERITY = Severity.ERROR
SUMMARY = "The port's variable is handed to the server as it is written, because nothing expands it."

_VARIABLE = late_pattern(r"\$(?:\w+|\{\w+[^}]*\}|\(\w+\))")


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each web process whose server gets a variable's name instead of its value."""
    for process in deployment.web_processes:
        for text, span, severity in _written(process, deployment):
            yield _finding(process, text, span, deployment)._replace(severity=severity)
            break


def _written(process: Process, deployment: Deployment) -> Iterator[tuple[str, Span, Severity]]:
    """Yield the variables that reach the server as text, and how much each matters."""
    for socket in sockets(process, deployment):
        for value in (socket.bind.port, socket.bind.host):
            match = _VARIABLE.search(text_of(value) or "")
            if match:
                yield match[0], span_of(value) or socket.bind.span, socket.severity(SEVERITY)
    failure = process.failure
    if failure is not None and failure.kind in ("bad-address", "rejected-option"):
        match = _VARIABLE.search(failure.message)
        if match:
            yield match[0], failure.span, SEVERITY


def _finding(process: Process, text: str, span: Span, deployment: Deployment) -> Finding:
    name = process.server.name if process.server else "the server"
    wanted = "the port" if "port" in text.lower() or process.server is not None else "its value"
    if (
        span.path.endswith((".py", ".ini", ".cfg", ".toml", ".yaml", ".yml", ".conf"))
        and process.origin.span.path != span.path
    ):
        advice = "Nothing expands variables in this file: read the variable there, or give the address in the command."
    elif not process.shell and not process.command.lstrip().startswith("["):
        advice = f"Start a shell for the command: sh -c 'exec … {text} …'."
    elif not process.shell:
        advice = f'Write the command in shell form, or start a shell: ["sh", "-c", "exec … {text} …"].'
    else:
        advice = f"Write «{text}» outside of single quotes: within double quotes or bare."
    return Finding(
        ID,
        SEVERITY,
        span,
        f"{name} gets the text «{text}» and not {wanted}: no shell expands it here, and {deployment.platform.title} "
        "finds nothing that listens.",
        advice,
        process=process,
    )
