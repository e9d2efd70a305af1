"""The server: waitress, which keeps slow and silent connections from the threads that answer."""

from __future__ import annotations

import socket
from collections.abc import Callable

import waitress

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.problem import Refused

from .app import create_app
from .guard import UPLOAD_BYTES_MAX
from .office import KEPT, Office
from .refreshing import Refresher
from .serving import LOOPBACK, Serving

THREADS = 12
HEADER_BYTES_MAX = 32 * 1024
SILENT_SECONDS = 60


def serve(
    street: StreetFolder,
    serving: Serving,
    host: str = "127.0.0.1",
    port: int = 5000,
    opened: Callable[[int], None] = lambda _: None,
    proxy: str = "",
) -> None:
    """Serve `street` until interrupted; `opened` is told the port once it is ours.

    `proxy` is the address of the reverse proxy whose `X-Forwarded-*` is believed; without one nobody's is. `Refused`
    for an address that others reach without a name to ask by, or a port that is taken.
    """
    if host not in LOOPBACK and serving.hosts <= LOOPBACK:
        raise Refused(f"要让别的机器用 {host} 打开，须写明街账的域名（--name），并由反向代理加密")
    app = create_app(street, serving)
    believed = {"x-forwarded-for", "x-forwarded-proto"}
    trusted = {"trusted_proxy": proxy, "trusted_proxy_headers": believed} if proxy else {}
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError:
        raise Refused(f"端口 {port} 打不开，可能已被占用，请用 --port 换一个") from None
    with listening:
        server = waitress.create_server(
            app, sockets=[listening], threads=THREADS, ident="jiezhang", channel_timeout=SILENT_SECONDS,
            max_request_header_size=HEADER_BYTES_MAX, max_request_body_size=UPLOAD_BYTES_MAX,
            clear_untrusted_proxy_headers=True, **trusted,
        )  # fmt: skip
        office: Office = app.config["OFFICE"]
        refresher = Refresher(street, serving.home.path / KEPT, office.model)
        refresher.start()
        try:
            opened(listening.getsockname()[1])
            server.run()
        except KeyboardInterrupt:
            pass
        finally:
            refresher.stop()
            server.close()
