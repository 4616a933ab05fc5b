"""`source-build`: a package that is compiled against libraries that the builder may lack."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.knowledge.tables import source_builds
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Deployment

ID = "source-build"
CLAUSE = "build"
SEVERITY = Severity.WARNING
SUMMARY = "A dependency is compiled when it is installed and needs headers that the builder may not have."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each package without a wheel whose headers nothing installs."""
    installed = deployment.installed
    have = {package.name for package in installed.system}
    if installed.image is None:
        have |= set(deployment.platform.build.system)
    elif not all(_is_slim(base) for base in (installed.image.name, *installed.image.copied)):
        return
    seen = set[str]()  # a lock lists again what the project declares
    for requirement in installed.requirements:
        headers, instead = source_builds().get(requirement.name, ("", ""))
        if not headers or headers in have or not requirement.installed or requirement.url or _alike(headers, have):
            continue
        if requirement.name in seen:
            continue
        seen.add(requirement.name)
        better = f"Write «{instead}» instead of «{requirement.name}»." if instead else "Build with a Dockerfile."
        if instead and installed.find(instead) is not None:
            better = f"Delete «{requirement.name}»: «{instead}» is listed too and holds the same module."
        yield Finding(
            ID,
            SEVERITY,
            requirement.span,
            f"«{requirement.name}» has no wheel for Linux, so that {deployment.platform.title} compiles it; without "
            f"the headers of «{headers}» the build fails.",
            better,
            "medium",
        )


_PLAIN = late_pattern(r"(?:docker\.io/|public\.ecr\.aws/docker/)?(?:library/)?(python|debian|ubuntu|alpine):(.*)")


def _is_slim(image: str) -> bool:
    """Whether an image is known to lack compilers and headers.

    The full `python` images hold the usual ones; what other people's images hold is not known, slim or not.
    """
    plain = _PLAIN.fullmatch(image)
    return plain is not None and (plain[1] != "python" or "slim" in plain[2] or "alpine" in plain[2])


_ALIKE = {
    "libpq-dev": late_pattern(r"libpq-devel|postgresql\d*(?:\.\d+)?-(?:dev|devel|server-dev.*|libs-devel)"),
    "default-libmysqlclient-dev": late_pattern(
        r"libmysqlclient-dev|libmariadb-dev(?:-compat)?|(?:mariadb|mysql)(?:\d*|-connector-c|-community)-(?:dev|devel)"
    ),
    "libldap2-dev": late_pattern(r"(?:lib|open)ldap\d*-(?:dev|devel)"),
}
"""Packages of other distributions with the same headers, such as Alpine's `mysql-dev` (https://pkgs.alpinelinux.org)."""


def _alike(headers: str, have: set[str]) -> bool:
    """Whether a package of another distribution holds the same headers."""
    pattern = _ALIKE.get(headers)
    return pattern is not None and any(pattern.fullmatch(name) for name in have)
