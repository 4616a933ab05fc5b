"""gunicorn's own table of options, and what its settings take.

Source: `gunicorn.config.KNOWN_SETTINGS` of gunicorn 27.0.1; `since` and `until` were found by comparing the
parsers of the versions from 19.10.0 on.
"""

import re

from adaptable_preflight.read.servers.grammar import CHECKS, is_integer, table
from adaptable_preflight.read.servers.grammar.argparse import Grammar

VERSION = "27.0.1"
"""The version that the tables hold for."""

OPTIONS = table(
    """
help -h --help ends
version -v --version ends
access_log_format --access-logformat
accesslog --access-logfile
asgi_disconnect_grace_period --asgi-disconnect-grace-period int since=25.1
asgi_lifespan --asgi-lifespan since=24
asgi_loop --asgi-loop since=24
backlog --backlog int
bind -b --bind
ca_certs --ca-certs
capture_output --capture-output flag
casefold_http_method --casefold-http-method flag since=22
cert_reqs --cert-reqs
certfile --certfile
chdir --chdir
check_config --check-config flag
ciphers --ciphers
config -c --config
control_socket --control-socket since=25.1
control_socket_disable --no-control-socket flag since=25.1
control_socket_mode --control-socket-mode auto_int since=25.1
daemon -D --daemon flag
dirty_apps --dirty-app since=25
dirty_graceful_timeout --dirty-graceful-timeout int since=25
dirty_threads --dirty-threads int since=25
dirty_timeout --dirty-timeout int since=25
dirty_workers --dirty-workers int since=25
disable_redirect_access_to_syslog --disable-redirect-access-to-syslog flag
do_handshake_on_connect --do-handshake-on-connect flag
dogstatsd_tags --dogstatsd-tags
enable_backlog_metric --enable-backlog-metric flag since=25
enable_stdio_inheritance -R --enable-stdio-inheritance flag
errorlog --error-logfile --log-file
forwarded_allow_ips --forwarded-allow-ips
forwarder_headers --forwarder-headers since=23
graceful_timeout --graceful-timeout int
group -g --group
header_map --header-map since=22
http2_cleartext --http2-cleartext since=26.2
http2_initial_window_size --http2-initial-window-size int since=25
http2_max_concurrent_streams --http2-max-concurrent-streams int since=25
http2_max_frame_size --http2-max-frame-size int since=25
http2_max_header_list_size --http2-max-header-list-size int since=25
http_parser --http-parser since=25.2
http_protocols --http-protocols since=25
initgroups --initgroups flag
keepalive --keep-alive int
keyfile --keyfile
limit_request_field_size --limit-request-field_size int
limit_request_fields --limit-request-fields int
limit_request_line --limit-request-line int
logconfig --log-config
logconfig_json --log-config-json since=21
logger_class --logger-class
loglevel --log-level
max_requests --max-requests int
max_requests_jitter --max-requests-jitter int
paste --paste --paster
permit_obsolete_folding --permit-obsolete-folding flag since=23
permit_unconventional_http_method --permit-unconventional-http-method flag since=22
permit_unconventional_http_version --permit-unconventional-http-version flag since=22
pidfile -p --pid
preload_app --preload flag
print_config --print-config flag
proc_name -n --name
protocol --protocol since=24
proxy_allow_ips --proxy-allow-from
proxy_protocol --proxy-protocol takes=?
pythonpath --pythonpath
raw_env -e --env
raw_paste_global_conf --paste-global
reload --reload flag
reload_engine --reload-engine
reload_extra_files --reload-extra-file
reuse_port --reuse-port flag
root_path --root-path since=24
sendfile --no-sendfile flag
spew --spew flag
ssl_version --ssl-version
statsd_host --statsd-host
statsd_prefix --statsd-prefix
strip_header_spaces --strip-header-spaces flag
suppress_ragged_eofs --suppress-ragged-eofs flag
syslog --log-syslog flag
syslog_addr --log-syslog-to
syslog_facility --log-syslog-facility
syslog_prefix --log-syslog-prefix
threads --threads int
tolerate_dangerous_framing --tolerate-dangerous-framing flag since=22 until=23
timeout -t --timeout int
umask -m --umask auto_int
user -u --user
uwsgi_allow_ips --uwsgi-allow-from since=24
websocket_max_message_size --websocket-max-message-size int since=27
worker_class -k --worker-class
worker_connections --worker-connections int
worker_tmp_dir --worker-tmp-dir
workers -w --workers int
"""
)

ONLY_IN_FILES = frozenset(
    {
        "child_exit", "default_proc_name", "dirty_post_fork", "dirty_worker_exit", "dirty_worker_init",
        "logconfig_dict", "nworkers_changed", "on_dirty_starting", "on_exit", "on_reload", "on_starting",
        "post_fork", "post_request",
        "post_worker_init", "pre_exec", "pre_fork", "pre_request", "secure_scheme_headers", "ssl_context",
        "tmp_upload_dir", "when_ready", "worker_abort", "worker_exit", "worker_int", "wsgi_app",
    }
)  # fmt: skip
"""Settings that no option sets."""

BY_NAME = {option.name: option for option in OPTIONS}
SETTINGS = frozenset(option.name for option in OPTIONS if not option.ends and not option.until) | ONLY_IN_FILES

NUMBERS = frozenset(option.name for option in OPTIONS if option.kind in ("int", "auto_int"))
FLAGS = frozenset(option.name for option in OPTIONS if option.takes == "0" and not option.ends)
LISTS = frozenset({"bind", "raw_env", "raw_paste_global_conf", "reload_extra_files", "dirty_apps"})
"""Settings that add up when an option is repeated."""

CHOICES = {
    "reload_engine": ("auto", "poll", "inotify"),
    "header_map": ("drop", "refuse", "dangerous"),
    "asgi_loop": ("auto", "asyncio", "uvloop"),
    "asgi_lifespan": ("auto", "on", "off"),
    "http_parser": ("auto", "fast", "python"),
    "http2_cleartext": ("off", "prior-knowledge", "upgrade", "both"),
    "proxy_protocol": ("false", "off", "0", "none", "true", "auto", "1", "v1", "v2"),
}


def to_auto_integer(text: str) -> int | None:
    """Return what `gunicorn.config.auto_int` makes of the text: a number in C's notation, octal too."""
    if re.match(r"0(\d)", text):
        text = text.replace("0", "0o", 1)
    try:
        return int(text, 0)
    except ValueError:
        return None


def is_auto_integer(text: str) -> bool:
    """Whether `gunicorn.config.auto_int` takes the text."""
    return to_auto_integer(text) is not None


GRAMMAR = Grammar("gunicorn", OPTIONS, ("*",), CHECKS | {"int": is_integer, "auto_int": is_auto_integer})
