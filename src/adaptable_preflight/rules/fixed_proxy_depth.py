"""`fixed-proxy-depth`: the number of trusted proxies is a literal that differs from what the platform tells."""

from collections.abc import Iterator

from adaptable_preflight.facts.proxies import fixes
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.value import Known

ID = "fixed-proxy-depth"
CLAUSE = "proxy"
SEVERITY = Severity.NOTICE
SUMMARY = "ProxyFix trusts another number of proxies than the platform tells."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each literal number that differs."""
    proxy, title = deployment.platform.proxy, deployment.platform.title
    if not proxy.depth_variable or not proxy.depth:
        return
    for call in fixes(deployment.code):
        if not call.name.endswith(".ProxyFix"):
            continue
        argument = call.argument(1, "x_for")
        value = argument.value if argument is not None else Known(1)
        if isinstance(value, Known) and value.value != proxy.depth:
            yield Finding(
                ID,
                SEVERITY,
                argument.span if argument is not None else call.span,
                f"The app trusts {value.value} of the proxies in front; on {title} there are {proxy.depth}, so the "
                "visitor's address is that of a proxy, or one that the visitor made up.",
                f'Take the number from the platform: x_for=int(os.environ.get("{proxy.depth_variable}", 0))',
            )
