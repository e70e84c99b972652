"""Where a push message may go: to hosts on a list, over https, and never into a private network."""

import re
from collections.abc import Iterable
from ipaddress import ip_address

# One spelling, so that our check and the sender cannot read an address differently: no user, no escapes in the host.
_ENDPOINT = re.compile(r"(https?)://([a-z0-9][a-z0-9.-]*)(?::([0-9]{1,5}))?(/[!-~]*)")
_LOOPBACK = ("127.0.0.1", "localhost")


def allowed(endpoint: str, hosts: Iterable[str]) -> bool:
    """Whether this address is one of the push services we trust: https, unless a loopback port is listed."""
    found = _ENDPOINT.fullmatch(endpoint) if len(endpoint) <= 2048 else None
    if found is None:
        return False
    scheme, host, port, _ = found.groups()
    if port and f"{host}:{port}" in hosts:
        return scheme == "https" or host in _LOOPBACK
    named = any(host.endswith(h[1:]) if h.startswith("*.") else host == h for h in hosts)
    return named and scheme == "https" and port in (None, "443")


def origin_of(endpoint: str) -> str:
    """Scheme, host and port: what a token is made out to, and what is given a rest."""
    return "/".join(endpoint.split("/", 3)[:3])


def host_of(endpoint: str) -> str:
    """The name alone, as `listed_names` has it."""
    return origin_of(endpoint).partition("://")[2].partition(":")[0]


def listed_names(hosts: Iterable[str]) -> frozenset[str]:
    """The names that the operator listed with a port: those alone may lead into a private network."""
    return frozenset(host.rpartition(":")[0] for host in hosts if ":" in host)


def is_public(address: str) -> bool:
    """Whether anybody on the internet has this address."""
    found = ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or found
    return mapped.is_global and not mapped.is_multicast
