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
    build_time_variable,
    committed_virtualenv,
    crlf_script,
    debug_enabled,
    detached_server,
    dev_server,
    exit_hook,
    extra_process,
    failing_collectstatic,
    failing_health_check,
    failing_image_build,
    file_database,
    fixed_port,
    fixed_proxy_depth,
    foreign_requirement,
    hardcoded_database,
    hardcoded_external_url,
    https_redirect_loop,
    ignored_file,
    ignored_threads,
    in_memory_state,
    incompatible_pins,
    interface_mismatch,
    invalid_start_command,
    local_cache,
    local_requirement,
    local_session,
    local_upload,
    local_write,
    log_file,
    loopback_bind,
    loopback_client,
    misnamed_procfile,
    missing_app,
    missing_copy_source,
    missing_data,
    missing_driver,
    missing_file,
    missing_manifest,
    missing_migrations,
    missing_proxy_fix,
    missing_script,
    missing_secret_key,
    missing_server,
    missing_start_command,
    missing_system_package,
    missing_template,
    missing_worker_class,
    name_only_in_main,
    no_http_server,
    not_http,
    postgres_scheme,
    random_secret_key,
    rejected_host,
    reload_in_production,
    removed_api,
    required_variable,
    server_at_import,
    single_instance_socketio,
    single_threaded,
    slow_import,
    slow_start_command,
    socket_bind,
    source_build,
    spoofable_client_ip,
    synchronous_driver,
    tables_only_in_main,
    text_port,
    tls_in_app,
    too_many_workers,
    uncalled_factory,
    undeclared_import,
    undecoded_database_url,
    unexpanded_port,
    unproven_bind,
    unquoted_database_url,
    unreadable_file,
    unreadable_manifest,
    unserved_static,
    unsupported_python,
    unused_allow,
    unverified_database_tls,
    wrong_port_variable,
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
    loopback_bind,
    loopback_client,
    fixed_port,
    unexpanded_port,
    wrong_port_variable,
    text_port,
    socket_bind,
    not_http,
    unproven_bind,
    name_only_in_main,
    no_http_server,
    missing_start_command,
    missing_template,
    missing_secret_key,
    invalid_start_command,
    missing_script,
    detached_server,
    dev_server,
    debug_enabled,
    reload_in_production,
    crlf_script,
    server_at_import,
    missing_server,
    missing_worker_class,
    missing_app,
    uncalled_factory,
    interface_mismatch,
    misnamed_procfile,
    extra_process,
    failing_collectstatic,
    failing_health_check,
    single_threaded,
    ignored_threads,
    too_many_workers,
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
    hardcoded_external_url,
    hardcoded_database,
    postgres_scheme,
    synchronous_driver,
    missing_driver,
    unverified_database_tls,
    undecoded_database_url,
    unquoted_database_url,
    slow_import,
    slow_start_command,
    tables_only_in_main,
    required_variable,
    missing_manifest,
    missing_migrations,
    unreadable_manifest,
    local_requirement,
    foreign_requirement,
    undeclared_import,
    incompatible_pins,
    removed_api,
    source_build,
    unsupported_python,
    build_time_variable,
    missing_copy_source,
    failing_image_build,
    missing_system_package,
    committed_virtualenv,
    ignored_file,
    rejected_host,
    unserved_static,
    missing_file,
    missing_data,
    unreadable_file,
    unused_allow,
)


def page(rule: Rule) -> str:
    """Return the text of the page beside a rule."""
    path = os.path.join(os.path.dirname(__file__), f"{rule.ID.replace('-', '_')}.md")
    with open(path, encoding="utf-8") as file:
        return file.read()
