"""Name the action's image by digest in action.yml, as the release commit does; comments and order stay as they are.

    python scripts/pin_image.py IMAGE@sha256:DIGEST [ACTION.YML]

Exits with 1 where the file is not an action that builds or pulls an image, and leaves it alone then.
"""

import re
import sys
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

IMAGE = re.compile(r"[a-z0-9.-]+(?:/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}")


def pinned(text: str, image: str) -> str:
    """Return the text of an action's metadata that pulls `image`.

    Raises ValueError where the image has no digest, or where the metadata is not that of a container action.
    """
    if not IMAGE.fullmatch(image):
        raise ValueError(f"«{image}» is not an image with its sha256 digest")
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1000
    yaml.indent(mapping=2, sequence=4, offset=2)
    action = yaml.load(text)
    runs = action.get("runs") if isinstance(action, CommentedMap) else None
    if not isinstance(runs, CommentedMap) or runs.get("using") != "docker":
        raise ValueError("the metadata is not that of a container action")
    runs["image"] = f"docker://{image}"
    written = StringIO()
    yaml.dump(action, written)
    return written.getvalue()


def main(arguments: list[str]) -> int:
    """Pin the image and return the exit code."""
    path = Path(arguments[1] if len(arguments) > 1 else "action.yml")
    try:
        path.write_text(pinned(path.read_text(encoding="utf-8"), arguments[0]), encoding="utf-8")
    except (IndexError, ValueError) as error:
        print(f"pin_image: {error or 'which image?'}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
