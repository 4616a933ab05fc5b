"""The rules: one module and one page each, listed here and nowhere else.

A rule looks at the deployment and yields findings. It never mentions a server, a framework's file or a platform by
name where the model can say it, fits one screen, and carries its documentation in the page beside it.
"""

import os
from collections.abc import Iterator
from typing import Final, Protocol

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.rules import (
    background_scheduler,
    background_thread,
    background_worker,
    committed_virtualenv,
    debug_enabled,
    exit_hook,
    file_database,
    fixed_proxy_depth,
    foreign_requirement,
    hardcoded_database,
    https_redirect_loop,
    ignored_file,
    in_memory_state,
    incompatible_pins,
    local_cache,
    local_requirement,
    local_session,
    local_upload,
    local_write,
    log_file,
    missing_driver,
    missing_manifest,
    missing_proxy_fix,
    missing_server,
    missing_worker_class,
    postgres_scheme,
    random_secret_key,
    removed_api,
    required_variable,
    server_at_import,
    single_instance_socketio,
    slow_import,
    source_build,
    spoofable_client_ip,
    tls_in_app,
    undeclared_import,
    undecoded_database_url,
    unquoted_database_url,
    unreadable_file,
    unreadable_manifest,
    unsupported_python,
    unused_allow,
    unverified_database_tls,
)


class Rule(Protocol):
    """What a rule's module offers."""

    @property
    def ID(self) -> str:  # noqa: N802
        """The rule's name: a problem, in kebab case."""

    @property
    def CLAUSE(self) -> str:  # noqa: N802
        """The clause of the contract that it belongs to."""

    @property
    def SEVERITY(self) -> Severity:  # noqa: N802
        """The usual severity."""

    @property
    def SUMMARY(self) -> str:  # noqa: N802
        """What it finds, in a few words, for tables and titles."""

    def check(self, deployment: Deployment, /) -> Iterator[Finding]:
        """Yield the findings."""


RULES: Final[tuple[Rule, ...]] = (
    debug_enabled,
    server_at_import,
    missing_server,
    missing_worker_class,
    file_database,
    local_upload,
    local_write,
    local_session,
    local_cache,
    in_memory_state,
    random_secret_key,
    log_file,
    single_instance_socketio,
    background_thread,
    background_scheduler,
    background_worker,
    exit_hook,
    tls_in_app,
    https_redirect_loop,
    missing_proxy_fix,
    fixed_proxy_depth,
    spoofable_client_ip,
    hardcoded_database,
    postgres_scheme,
    missing_driver,
    unverified_database_tls,
    undecoded_database_url,
    unquoted_database_url,
    slow_import,
    required_variable,
    missing_manifest,
    unreadable_manifest,
    local_requirement,
    foreign_requirement,
    undeclared_import,
    incompatible_pins,
    removed_api,
    source_build,
    unsupported_python,
    committed_virtualenv,
    ignored_file,
    unused_allow,
    unreadable_file,
)


def page(rule: Rule) -> str:
    """Return the text of the page beside a rule."""
    path = os.path.join(os.path.dirname(__file__), f"{rule.ID.replace('-', '_')}.md")
    with open(path, encoding="utf-8") as file:
        return file.read()
