"""What the base images that everybody builds on hold of the system's packages that Python code asks for.

Sources, read on 2026-11-23: https://github.com/docker-library/python (`Dockerfile-linux.template`),
https://github.com/docker-library/buildpack-deps `debian/bookworm` with `scm` and `curl`. What the packages of the
full image bring along was followed with `apt-get -s --no-install-recommends` in Debian 12: libgl1 is none of it.
"""

from adaptable_preflight.late_pattern import late_pattern

_BASE = late_pattern(
    r"(?:docker\.io/|public\.ecr\.aws/docker/)?(?:library/)?(python|debian|ubuntu|alpine)(?::([\w.-]+))?(?:@\S+)?"
    r"|ghcr\.io/astral-sh/(uv):(\S+)"
)
_FULL = (
    "curl", "file", "g++", "gcc", "git", "imagemagick", "libcairo2", "libglib2.0-0", "libmagic1", "libmagickwand-dev",
    "libpango-1.0-0", "libpangoft2-1.0-0", "make", "mercurial", "patch", "procps", "subversion", "unzip", "wget",
)  # fmt: skip
"""What an image of Python has that is not called slim; it is built on `buildpack-deps`."""


def packages_of(image: str) -> tuple[str, ...] | None:
    """Return the packages of a base image; None where it is not known."""
    match = _BASE.fullmatch(image)
    if match is None or "windows" in image or "onbuild" in image:
        return None
    name, tag = match[1] or match[3], match[2] or match[4] or ""
    if name == "uv":
        return () if "slim" in tag or "alpine" in tag else _FULL if "python" in tag else None
    return _FULL if name == "python" and "slim" not in tag and "alpine" not in tag else ()
