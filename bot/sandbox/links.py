"""Which links Telegram takes, and how it writes them.

The rules are those of TDLib, Telegram's own open library (Boost Software License 1.0)."""

import re
from ipaddress import AddressValueError, IPv6Address

_PART = re.compile(r"(?:[A-Za-z0-9.\-_!$,~*'();&+=]|[^\x00-\x7f]|%[0-9A-Fa-f]{2})*")
_USERINFO = re.compile(r"(?:[A-Za-z0-9.\-_!$,~*'();&+=:]|[^\x00-\x7f]|%[0-9A-Fa-f]{2})*")
_SCHEME = re.compile(r"([^:/?#@\[\]]*)://")
_OWN_SCHEME = re.compile(r"(tg|tonsite|ton):(?://)?", re.IGNORECASE)


class BadLink(ValueError):
    """A link that Telegram does not take; the message is its reason."""


def lower(text: str) -> str:
    """`text` with the letters A to Z in lower case and no others touched."""
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def checked(link: str) -> str:
    """The link as Telegram writes it: scheme, lower-case host, a path. Raises BadLink."""
    own = _OWN_SCHEME.match(link)
    if own:
        return _own_link(lower(own[1]), link[own.end() :])
    scheme, userinfo, host, port, path = _parts(link)
    if "." not in host and not host.startswith("["):
        raise BadLink("Wrong HTTP URL")
    return f"{scheme}://{userinfo + '@' if userinfo else ''}{host}{f':{port}' if port else ''}{path}"


def person(link: str) -> int | None:
    """Whom a link like tg://user?id=7 means, None for any other link."""
    found = re.fullmatch(r"tg:(?://)?user/?\?([^#]*)(?:#.*)?", lower(link), re.DOTALL)
    if not found:
        return None
    for parameter in found[1].split("&"):
        key, _, value = parameter.partition("=")
        if key == "id":
            return int(value) if re.fullmatch(r"[1-9][0-9]*", value, re.ASCII) and int(value) < 2**40 else None
    return None


def _own_link(scheme: str, rest: str) -> str:
    protocol, userinfo, host, port, path = _parts(rest)
    if lower(rest).startswith("http://") or protocol == "https" or userinfo or port or host.startswith("["):
        raise BadLink("Wrong tg URL" if scheme == "tg" else "Wrong ton URL")
    if not re.fullmatch(r"[A-Za-z0-9_.-]*" if scheme == "tonsite" else r"[A-Za-z0-9_-]*", host):
        raise BadLink("Unallowed characters in URL host")
    return f"{scheme}://{host}{path[1:] if path.startswith('/?') else path}"


def _parts(url: str) -> tuple[str, str, str, int, str]:
    scheme = "http"
    if named := _SCHEME.match(url):
        scheme = lower(named[1])
        if scheme not in ("http", "https"):
            raise BadLink("Unsupported URL protocol")
        url = url[named.end() :]
    border = re.search(r"[/?#]|\Z", url)
    assert border is not None
    authority, rest = url[: border.start()], url[border.start() :]
    authority, port = _port(authority)
    userinfo, _, host = authority.rpartition("@")
    _check_host(host)
    if not host.startswith("[") and not _PART.fullmatch(host):
        raise BadLink("Disallowed character in URL host")
    if not host.startswith("[") and not _USERINFO.fullmatch(userinfo):
        raise BadLink("Disallowed character in URL userinfo")
    return scheme, userinfo, lower(host), port, _path(rest)


def _port(authority: str) -> tuple[str, int]:
    colon = max(authority.rfind(mark) for mark in ":]@")
    if colon <= 0 or authority[colon] != ":":
        return authority, 0
    digits = authority[colon + 1 :]
    if not re.fullmatch(r"[0-9]+", digits, re.ASCII) or not 0 < int(digits) <= 65535:
        raise BadLink("Wrong port number specified in the URL")
    return authority[:colon], int(digits)


def _check_host(host: str) -> None:
    if host.startswith("[") and host.endswith("]"):
        try:
            IPv6Address(host[1:-1])
        except AddressValueError:
            raise BadLink("Wrong IPv6 address specified in the URL") from None
    elif host.startswith("["):
        raise BadLink("Disallowed character in URL host")
    if not host:
        raise BadLink("URL host is empty")
    if host == ".":
        raise BadLink("Host is invalid")


def _path(rest: str) -> str:
    path = rest.rstrip(" \t\r\n\v\0")
    if not path.startswith("/"):
        path = "/" + path
    return re.sub(r"[\x00-\x20]", lambda found: f"%{ord(found[0]):02X}", path)
