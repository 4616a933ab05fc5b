"""YAML with positions. The C loader builds nodes by recursion: text that is nested too deep would end the process."""

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import yaml

MAX_DEPTH: Final = 100
MAX_NODES: Final = 200_000


class YamlError(ValueError):
    """Text that is no YAML, or too much of it; `line` counts from 1."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.line = line


def compose(text: str) -> "yaml.Node | None":
    """Return the root node of the only document; None where it is empty.

    An alias is the node that it names, once more: whoever walks the tree has to bound the way.
    Raises YamlError.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _bound(text, loader)
        return yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        raise YamlError(problem, mark.line + 1 if mark else 1) from None


def _bound(text: str, loader: "type[yaml.SafeLoader]") -> None:
    """Look at the flat stream of events first."""
    import yaml

    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=loader)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH or number > MAX_NODES:
            problem = "it is nested too deep" if depth > MAX_DEPTH else "it is too large"
            raise YamlError(problem, event.start_mark.line + 1 if event.start_mark else 1)


def entries(node: Any) -> dict[str, Any]:
    """Return the entries of a mapping; none of anything else."""
    if getattr(node, "id", "") != "mapping":
        return {}
    return {key.value: value for key, value in node.value if getattr(key, "id", "") == "scalar"}


def items(node: Any) -> list[Any]:
    """Return the items of a sequence; none of anything else."""
    return list(node.value) if getattr(node, "id", "") == "sequence" else []


def text_at(node: Any) -> str:
    """Return the text of a scalar; empty of anything else."""
    return str(node.value) if getattr(node, "id", "") == "scalar" else ""
