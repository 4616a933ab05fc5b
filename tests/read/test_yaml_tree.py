import pytest

from adaptable_preflight.read.yaml_tree import YamlError, compose


def test_nodes_carry_their_lines() -> None:
    root = compose("a:\n  - b\n")
    assert root is not None
    ((_, items),) = root.value
    assert items.value[0].start_mark.line == 1


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: [", 2, "did not find"),
        ("x:\n" + "- " * 30_000 + "1", 2, "nested too deep"),
        ("a: " + "[" * 100_000, 1, "nested too deep"),
        ("a: " + "{a: " * 50_000 + "}" * 50_000, 1, "nested too deep"),
        ("- 1\n" * 300_000, 199_999, "too large"),
        ("a: 1\n---\nb: 2\n", 2, "another document"),
        ("a: *b", 1, "undefined alias"),
        ("a: \x07", 1, "control characters"),
    ],
)
def test_what_is_no_yaml_or_too_much_of_it_is_an_error(text: str, line: int, says: str) -> None:
    with pytest.raises(YamlError, match=says) as caught:
        compose(text)
    assert caught.value.line == line
