"""Syslog as a sink (RFC 5424): each checkpoint is sent as a message of the log audit facility."""

import os
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import unquote, urlparse

from app.platform.audit.sinks import SinkUnavailable

SECONDS = 5.0
PRIORITY = 13 * 8 + 5  # facility log audit, severity notice
PORTS = {"syslog+udp": 514, "syslog+tcp": 601, "syslog+tls": 6514}


class SyslogSink:
    """Over UDP (RFC 5426), TCP (RFC 6587, octet counting), TLS (RFC 5425) or a Unix socket; a log cannot be read back.

    Over TLS the server certificate is verified against the system's authorities, or those in `SSL_CERT_FILE`.
    UDP and TCP can lose messages unnoticed: a gap in the checkpoint numbers reveals the loss.
    """

    def __init__(self, url: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._url, self._address = url, urlparse(url)
        self._clock = clock

    @property
    def name(self) -> str:
        """See CheckpointSink.name."""
        return self._url

    def put(self, number: int, line: bytes) -> None:
        """See CheckpointSink.put."""
        message = self._message(number, line)
        try:
            with self._connected() as connection:
                if connection.type == socket.SOCK_STREAM:
                    connection.sendall(b"%d %b" % (len(message), message))
                else:
                    connection.send(message)
        except OSError as error:
            raise SinkUnavailable(type(error).__name__) from error

    def _message(self, number: int, line: bytes) -> bytes:
        when = self._clock().astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        host = socket.gethostname()[:255] or "-"
        head = f"<{PRIORITY}>1 {when} {host} bidscreen {os.getpid()} checkpoint-{number} - "
        return head.encode("ascii", "replace") + line

    def _connected(self) -> socket.socket:
        if self._address.scheme == "syslog+unix":
            return _local(unquote(self._address.path))
        host, port = self._address.hostname or "", self._address.port or PORTS[self._address.scheme]
        if self._address.scheme == "syslog+tcp":
            return socket.create_connection((host, port), SECONDS)
        if self._address.scheme == "syslog+tls":
            return _secured(socket.create_connection((host, port), SECONDS), host)
        family, kind, protocol, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        return _joined(socket.socket(family, kind, protocol), target)


def _secured(connection: socket.socket, host: str) -> socket.socket:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        return context.wrap_socket(connection, server_hostname=host)
    except OSError:
        connection.close()
        raise


def _local(path: str) -> socket.socket:
    """Connect to a Unix socket such as `/dev/log`, datagram or stream."""
    try:
        return _joined(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM), path)
    except OSError:
        return _joined(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM), path)


def _joined(connection: socket.socket, target: object) -> socket.socket:
    connection.settimeout(SECONDS)
    try:
        connection.connect(target)  # type: ignore[arg-type]
    except OSError:
        connection.close()
        raise
    return connection
