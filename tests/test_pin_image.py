"""The release names the image by digest, and changes nothing else of action.yml."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
IMAGE = f"ghcr.io/owner/adaptable-preflight@sha256:{'0123456789abcdef' * 4}"


@pytest.fixture(scope="module")
def pin_image() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pin_image", ROOT / "scripts" / "pin_image.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_only_the_line_of_the_image_changes(pin_image: ModuleType) -> None:
    before = (ROOT / "action.yml").read_text(encoding="utf-8")
    after = pin_image.pinned(before, IMAGE)
    changed = [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]
    assert changed == [("  image: Dockerfile", f"  image: docker://{IMAGE}")]


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ("runs:\n  using: docker\n  image: Dockerfile\n", "ghcr.io/owner/name:v1"),
        ("runs:\n  using: composite\n", IMAGE),
        ("- 1\n", IMAGE),
    ],
)
def test_what_is_no_container_action_is_left_alone(
    pin_image: ModuleType, tmp_path: Path, text: str, image: str
) -> None:
    path = tmp_path / "action.yml"
    path.write_text(text)
    assert pin_image.main([image, str(path)]) == 1
    assert path.read_text() == text
