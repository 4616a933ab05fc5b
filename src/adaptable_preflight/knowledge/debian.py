"""Which Debian an image is built on, which of its releases left the mirrors, and packages that a release does not have.

Sources, read on 2026-11-23: the history of `versions.json` in https://github.com/docker-library/python tells for each
version of Python the Debian of its last image. Debian 10 and older left deb.debian.org in 2025
(https://github.com/Tecnativa/doodba/issues/669). What Debian 12 lacks was asked of `apt-cache policy`; Debian 13
lacks that too, and what https://github.com/CatchTheTornado/text-extract-api/issues/126,
https://github.com/streamlit/docs/issues/1493 and https://github.com/jamiemcg/Remarkable/issues/433 tell.
"""

import re
from typing import Final

from adaptable_preflight.late_pattern import late_pattern

RELEASES: Final = ("wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie")
"""The oldest first."""
_ARCHIVED: Final = frozenset({"wheezy", "jessie", "stretch", "buster"})
_OFFICIAL = late_pattern(r"(?:docker\.io/|public\.ecr\.aws/docker/)?(?:library/)?([\w-]+):([\w.-]+)(?:@\S+)?")
_VERSION = late_pattern(r"(\d+)\.(\d+)(?:\.(\d+))?(?:-slim)?")
_NEVER: Final = 99
_SINCE: Final[dict[tuple[int, int], tuple[int, int, int]]] = {
    (3, 6): (14, _NEVER, _NEVER),
    (3, 7): (11, 17, _NEVER),
    (3, 8): (11, 17, _NEVER),
    (3, 9): (6, 17, 23),
    (3, 10): (0, 12, 18),
    (3, 11): (0, 4, 13),
    (3, 12): (0, 0, 11),
    (3, 13): (0, 0, 6),
    (3, 14): (0, 0, 0),
}
"""The first patches of a version of Python whose last image is built on bullseye, bookworm and trixie."""
_NEWEST: Final = frozenset({"3", "3-slim", "slim", "latest"})
_NUMBERS: Final = {"8": "jessie", "9": "stretch", "10": "buster", "11": "bullseye", "12": "bookworm", "13": "trixie"}

_GONE_IN_12: Final = frozenset(
    "netcat python-pip python-dev python-setuptools python2 python2-dev python-software-properties python-opencv "
    "mysql-client mysql-server libmysqlclient-dev libmysqlclient20 libmysqlclient21 mongodb openjdk-8-jdk "
    "openjdk-8-jre openjdk-11-jdk openjdk-11-jre openjdk-11-jre-headless libssl1.1 libffi6 libffi7 libtiff5 "
    "libjasper-dev libpng12-dev libav-tools libcurl3 libenchant-dev libgdal20 libgdal28 ttf-freefont".split()
)
_GONE_IN_13: Final = frozenset({"libgl1-mesa-glx", "software-properties-common", "wkhtmltopdf"})


def release_of(image: str) -> str:
    """Return the Debian that an official image is built on; empty where it is none, or not known which."""
    match = _OFFICIAL.fullmatch(image)
    if match is None or "alpine" in match[2] or "windows" in match[2]:
        return ""
    parts = re.split(r"[-.]", match[2])
    named = [part for part in parts if part in RELEASES]
    if named:
        return named[0]
    return _of_python(match[2]) if match[1] == "python" else _NUMBERS.get(parts[0], "") if match[1] == "debian" else ""


def _of_python(tag: str) -> str:
    """Return the Debian of the last image that was made for a version of Python."""
    version = _VERSION.fullmatch(tag)
    if version is None:
        return RELEASES[-1] if tag in _NEWEST else ""
    line = (int(version[1]), int(version[2]))
    since = _SINCE.get(line)
    if since is None:
        return "buster" if line < (3, 6) else ""
    patch = int(version[3]) if version[3] else max(each for each in since if each != _NEVER)
    return RELEASES[3:][sum(patch >= each for each in since)]


def is_archived(release: str) -> bool:
    """Whether its packages are on Debian's servers no more."""
    return release in _ARCHIVED


def lacks(release: str, package: str) -> bool:
    """Whether a release is known to be without a package."""
    newest = RELEASES.index(release) if release in RELEASES else 0
    return (newest >= 5 and package in _GONE_IN_12) or (newest >= 6 and package in _GONE_IN_13)
