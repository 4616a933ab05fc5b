"""Compares what the tool says of start commands with what they did when they were really run.

    PYTHONPATH=src:. python -m tests.oracle.scoring [CASES.jsonl] [--family NAME] [--wrong] [--unknown]

A case is committed when its outcome and every bind are known; it is right when outcome, binds and TLS agree.
"""

import argparse
import collections
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from adaptable_preflight import platforms
from adaptable_preflight.assemble import assemble
from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Environment
from adaptable_preflight.report.facts import processes
from adaptable_preflight.settings import Settings
from adaptable_preflight.value import Known

SAMPLE = Path(__file__).with_name("cases.jsonl")
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_WILDCARD = {"0.0.0.0", "::", "", "*"}

Case = Mapping[str, Any]
Bind = tuple[Any, ...]


class Answer(NamedTuple):
    """How the tool's answer to one case stands to the truth."""

    case: Case
    result: Literal["right", "wrong", "unknown", "crash"]
    said: Mapping[str, Any]
    workers: bool | None = None
    """Whether the number of workers agrees; None where it was not compared."""


def cases(path: Path = SAMPLE) -> Iterator[Case]:
    """Yield the cases whose answer depends neither on the machine nor on what else is installed."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            tcp = [each for each in case["observed"]["listeners"] if each["kind"] == "tcp"]
            chosen_by_system = tcp and all(each.get("ephemeral") for each in tcp)
            if "environment" not in case["tags"] and not chosen_by_system:
                yield case


def lay_out(case: Case, folder: Path) -> None:
    """Write the case's files."""
    for name, content in case["files"].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content.replace("@CERT@", PEM).replace("@KEY@", PEM)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        if text.startswith("#!"):
            path.chmod(0o755)


def ask(case: Case) -> Mapping[str, Any]:
    """Return what the tool says of the web process."""
    command = case["command"] if isinstance(case["command"], str) else json.dumps(case["command"])
    variables = {name: Known(value.replace("@VENV@", "/opt/venv")) for name, value in case["env"].items()}
    env = Environment({"LANG": Known("C.UTF-8"), **variables}, closed=True)
    with tempfile.TemporaryDirectory() as folder:
        lay_out(case, Path(folder))
        settings = Settings(start_command=command)
        deployment = assemble(Checkout(folder), settings, platforms.load("adaptable"), env)
        return next((p for p in processes(deployment) if p["name"] == "web"), {"outcome": "none"})


def _host_class(host: str) -> str:
    if host in _LOOPBACK or host.startswith("127."):
        return "loopback"
    return "any" if host in _WILDCARD else host


def binds(process: Mapping[str, Any]) -> set[Bind] | None:
    """Return the sockets that the tool names; None where one of them is open."""
    found = set[Bind]()
    for bind in process.get("binds") or []:
        if bind["kind"] == "tcp":
            if not isinstance(bind["host"], str) or not isinstance(bind["port"], int):
                return None
            found.add(("tcp", _host_class(bind["host"].lower()), bind["port"]))
        elif bind["kind"] in ("unix", "fd"):
            found.add((bind["kind"],))
        else:
            return None
    return found


def observed(case: Case) -> set[Bind]:
    """Return the sockets that were seen."""
    return {
        ("tcp", _host_class(each["host"]), each["port"]) if each["kind"] == "tcp" else (each["kind"],)
        for each in case["observed"]["listeners"]
        if each["kind"] in ("tcp", "unix") and not each.get("ephemeral")
    }


def judge(case: Case, said: Mapping[str, Any]) -> Answer:
    """Hold what the tool says against what was seen."""
    seen = case["observed"]
    found = binds(said)
    if said.get("outcome") not in ("listens", "fails", "unknown"):
        return Answer(case, "crash", said)
    if said["outcome"] == "unknown" or (said["outcome"] == "listens" and found is None):
        return Answer(case, "unknown", said)
    listens = seen["outcome"] in ("serving", "listening")
    if (said["outcome"] == "listens") != listens:
        return Answer(case, "wrong", said)
    if not listens:
        return Answer(case, "right", said)
    found = {bind for bind in found or set() if bind[0] != "fd"} or found
    answers = [each.get("answer") for each in seen["listeners"]]
    tls = any(isinstance(answer, dict) and answer.get("scheme") == "https" for answer in answers)
    if found != observed(case) or bool(said.get("tls")) != tls:
        return Answer(case, "wrong", said)
    compared = seen.get("workers") and said.get("workers") and "cpu-count" not in case["tags"]
    return Answer(case, "right", said, seen["workers"] == said["workers"] if compared else None)


def score(chosen: Iterable[Case], asked: Callable[[Case], Mapping[str, Any]] = ask) -> list[Answer]:
    """Return the answers to cases."""
    answers = []
    for case in chosen:
        try:
            answers.append(judge(case, asked(case)))
        except Exception as error:
            answers.append(Answer(case, "crash", {"reason": f"{type(error).__name__}: {error}"}))
    return answers


def summary(answers: list[Answer]) -> str:
    """Return the counts of each family and of all."""
    families = collections.defaultdict[str, collections.Counter[str]](collections.Counter)
    for answer in answers:
        families[answer.case["tags"][0]][answer.result] += 1
        families["all"][answer.result] += 1
    lines = [f"{'':12}{'cases':>7}{'right':>7}{'wrong':>7}{'unknown':>9}{'crash':>7}"]
    for family, counts in sorted(families.items(), key=lambda item: sum(item[1].values())):
        numbers = "".join(f"{counts[key]:>{width}}" for key, width in zip(_COLUMNS, (7, 7, 9, 7), strict=True))
        lines.append(f"{family:12}{sum(counts.values()):>7}{numbers}")
    compared = [answer.workers for answer in answers if answer.workers is not None]
    lines.append(f"workers: {sum(compared)} of {len(compared)} agree")
    return "\n".join(lines)


_COLUMNS = ("right", "wrong", "unknown", "crash")


def _line(answer: Answer) -> str:
    case, seen = answer.case, answer.case["observed"]
    said = [answer.said.get(key) for key in ("outcome", "binds", "reason")]
    was = (seen["outcome"], sorted(observed(case)), seen.get("error"))
    command = json.dumps(case["command"])[:150]
    return f"{answer.result} {case['id']} {command} {case['env']}\n    said {said}\n    was  {was}"


def main() -> None:
    """Print the score of a file of cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--family", help="only cases with this tag")
    parser.add_argument("--wrong", action="store_true", help="show each wrong answer and each crash")
    parser.add_argument("--unknown", action="store_true", help="show each unknown")
    options = parser.parse_args()
    chosen = [case for case in cases(options.cases) if not options.family or options.family in case["tags"]]
    answers = score(chosen)
    shown = {"wrong", "crash"} if options.wrong else set[str]()
    shown |= {"unknown"} if options.unknown else set()
    for answer in answers:
        if answer.result in shown:
            print(_line(answer))  # noqa: T201
    print(summary(answers))  # noqa: T201


if __name__ == "__main__":
    main()
