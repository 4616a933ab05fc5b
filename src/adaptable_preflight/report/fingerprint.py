"""A name for a finding that stays the same while lines above it come and go."""

from adaptable_preflight.finding import Finding
from adaptable_preflight.preflight import Preflight


def fingerprint(finding: Finding, run: Preflight) -> str:
    """Return 16 hexadecimal digits made of the rule, the file and the text of the line without its white space."""
    from hashlib import sha256

    source = run.checkout.text(finding.span.path) if finding.span.in_file else None
    line = source.line(finding.span.line) if source is not None else finding.message
    text = "\0".join((finding.rule, finding.span.path, "".join(line.split())))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
