"""`socket-bind`: the web process listens on nothing that a network reaches."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.listening import remedy
from adaptable_preflight.model import Deployment, Descriptor, Unix
from adaptable_preflight.notation import instead
from adaptable_preflight.value import show

ID = "socket-bind"
CLAUSE = "listen"
SEVERITY = Severity.ERROR
SUMMARY = "The web process listens only on a unix socket or on a descriptor that it inherits."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each web process that opens no TCP socket."""
    for process in deployment.web_processes:
        binds = process.binds
        if not binds or not all(isinstance(bind, Unix | Descriptor) for bind in binds) or process.server is None:
            continue
        if any(remark.kind == "front-server" for remark in process.remarks):
            continue
        first = binds[0]
        what = f"the unix socket «{show(first.path)}»" if isinstance(first, Unix) else "a descriptor that it inherits"
        form = remedy(process.server, deployment)
        yield Finding(
            ID,
            SEVERITY,
            first.span,
            f"{process.server.name} listens on {what} alone: {deployment.platform.title} connects over TCP and finds "
            "nothing.",
            instead(process, process.server, first.span, form)
            if form
            else f"Listen on {deployment.platform.listen.host} instead.",
            process=process,
        )
