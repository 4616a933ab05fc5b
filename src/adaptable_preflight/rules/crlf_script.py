"""`crlf-script`: a script of the start command has the line ends of Windows or a broken first line."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment, Process

ID = "crlf-script"
CLAUSE = "server"
SEVERITY = Severity.ERROR
SUMMARY = "A script that the start command runs has CRLF line ends or a broken «#!» line."

_ADVICE = "Save the file with LF line ends, and add «*.sh text eol=lf» to .gitattributes."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each script that Linux does not run as it is meant."""
    for process in deployment.web_processes:
        yield from _of_process(process, deployment)


def _of_process(process: Process, deployment: Deployment) -> Iterator[Finding]:
    failure = process.failure
    broken = failure is not None and failure.kind == "bad-script" and failure.span.path != process.origin.span.path
    if failure is not None and broken:
        message = f"{deployment.platform.title} cannot start the script: {failure.message}."
        advice = (
            _ADVICE if "CR" in failure.message else "Begin the file with a line such as «#!/bin/sh», without options."
        )
        yield Finding(ID, SEVERITY, failure.span, message, advice, process=process)
        return
    for remark in process.remarks:
        if remark.kind == "crlf-script":
            severity = SEVERITY if process.outcome == "fails" else Severity.WARNING
            message = f"{remark.message}: on Linux a stray character becomes a part of each line's last word."
            yield Finding(ID, severity, remark.span, message, _ADVICE, process=process)
