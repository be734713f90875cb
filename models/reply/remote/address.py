"""Addresses of servers: what may be one, and that it stays inside the local network."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

Lookup = Callable[[str, int], Sequence[str]]


class AddressError(Exception):
    """The address cannot be used; the message is a sentence that says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`path` is what requests begin with, "/v1" for most servers."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def shown(self) -> str:
        """host:port, for sentences."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """As people write it."""
        return f"{'https' if self.secure else 'http'}://{self.shown}{self.path}"


def parse(url: str) -> Address:
    """Raises AddressError for what is no http(s) address, or has a password, a query or a fragment in it."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise AddressError(f"{url} is no address: {error}.") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise AddressError(f"{url} is no address of a server; one looks like http://192.168.1.20:8080/v1.")
    if parts.username or parts.password:
        raise AddressError("Leave the password out of the address; a key is asked for with --key.")
    if parts.query or parts.fragment:
        raise AddressError(f"Leave out what follows the path: {parts.scheme}://{parts.netloc}{parts.path}.")
    secure = parts.scheme == "https"
    path = parts.path.rstrip("/").removesuffix("/chat/completions").removesuffix("/models") or "/v1"
    return Address(secure=secure, host=parts.hostname, port=port or (443 if secure else 80), path=path)


def _look_up(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def resolve(address: Address, *, allow_public: bool, look_up: Lookup = _look_up) -> str:
    """The IP address to connect to; looked up once and then used, so that no second answer can lead elsewhere.

    Raises AddressError where the name is not known, or leads out of the local network and `allow_public` is not set.
    """
    try:
        found = look_up(address.host, address.port)
    except OSError as error:
        raise AddressError(f"The server {address.host} is not known on this network ({error.strerror}).") from error
    for text in found:
        ip = ipaddress.ip_address(text.partition("%")[0])
        if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        local = (ip.is_private or ip.is_loopback) and not (ip.is_link_local or ip.is_unspecified or ip.is_multicast)
        if local or (allow_public and not (ip.is_unspecified or ip.is_multicast or ip.is_link_local)):
            return text
    raise AddressError(
        f"{address.host} lies outside the local network, and what customers write would leave it. Give an address of "
        "this network, or say that this is meant with --allow-public."
    )
