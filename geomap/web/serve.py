"""Serving: worker processes under granian that share one copy of code and data.

The starting process opens catalog, network and walks once, and then forks: what it holds
is shared by all workers until one of them writes to it. Nothing that a fork must not
inherit is open by then: no connection to the record, and no second thread.
"""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from geomap.config import Settings
from geomap.domain.errors import InputError, NotReadyError
from geomap.domain.words import Label

if TYPE_CHECKING:
    from granian.server.mp import MPServer

    from geomap.web.fast import FastLane

Say = Callable[[Label], None]
THREADS = 4
"""Threads a worker answers in: the heavy parts of NumPy, shapely and numba run without the lock."""
_BACKLOG = 1024
_KILL_AFTER_S = 10
_IDLE_S = 600
"""A thread that is kept does not open PROJ and the record anew."""
_READY_WITHIN_S = 60.0


def load_app(settings: Settings) -> FastLane:
    """Return the WSGI application with its data opened, ready to be forked."""
    from geomap.store.leads import purge_leads
    from geomap.web.app import build_app
    from geomap.web.fast import FastLane
    from geomap.web.memory import release_memory
    from geomap.web.state import context

    app = build_app(settings)
    with app.app_context():
        shared = context()
        with suppress(NotReadyError):
            purge_leads(shared.store, now=shared.now(), keep_days=settings.lead_days)
        shared.warm()
        shared.disconnect()
    release_memory()
    return FastLane(app)


def require_free_port(host: str, port: int) -> None:
    """Refuse a port that something listens on, or a host that is not ours.

    Raises
    ------
    InputError
        With what to do about it.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise _refuse(host, port, error) from error


def _refuse(host: str, port: int, error: OSError) -> InputError:
    if error.errno == errno.EADDRINUSE:
        return InputError(
            Label(f"端口 {port} 已被占用", f"Port {port} is taken"),
            fix=Label(
                f"换一个端口：make serve PORT={port + 1}，或停掉占用它的服务",
                f"Take another: make serve PORT={port + 1}, or stop what uses it",
            ),
            field="port",
        )
    return InputError(
        Label(
            f"不能监听 {host}:{port}：{error.strerror}",
            f"Cannot listen on {host}:{port}: {error.strerror}",
        ),
        fix=Label("用 127.0.0.1 或本机的地址", "Use 127.0.0.1 or another address of this machine"),
        field="host",
    )


def address_of(host: str, port: int) -> str:
    """Return the address to open in a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - not bound here
    return f"http://{f'[{shown}]' if ':' in shown and shown[0] != '[' else shown}:{port}"


def _make_server(host: str, port: int, workers: int, after_start: Callable[[], None]) -> MPServer:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server.mp import MPServer

    class Server(MPServer):
        def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> None:
            super()._spawn_workers(spawn_target, target_loader)  # type: ignore[no-untyped-call]
            after_start()

    return Server(
        "geomap",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=_IDLE_S,
        backlog=_BACKLOG,
        workers_kill_timeout=_KILL_AFTER_S,
        respawn_failed_workers=True,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
    )


def run_server(settings: Settings, *, host: str, port: int, workers: int, say: Say) -> None:
    """Serve until a signal ends it; open requests are answered first.

    Parameters
    ----------
    settings
        Settings of the application.
    host, port
        Where to listen.
    workers
        Processes.
    say
        Told the address once the service answers there, from another thread.

    Raises
    ------
    InputError
        The port is taken, or the host is not one of this machine.
    """
    import multiprocessing

    require_free_port(host, port)
    multiprocessing.set_start_method("fork", force=True)
    for pool in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ.setdefault(pool, "1")
    app = load_app(settings)
    # After the fork: a child must not inherit a lock that this thread holds.
    told = threading.Thread(target=_tell, args=(address_of(host, port), say), daemon=True)
    server = _make_server(host, port, workers, told.start)
    server.serve(target_loader=lambda: app, wrap_loader=False)


def _tell(address: str, say: Say) -> None:
    """Say the address once the service answers; a service without data says so."""
    deadline = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):  # noqa: S310 - our own
                say(Label(f"✓ 已就绪：{address}", f"✓ Ready: {address}"))
                return
        except urllib.error.HTTPError as error:
            say(Label(f"✓ {address}（还没有数据）", f"✓ {address} (no data yet)"))
            error.close()
            return
        except OSError:
            time.sleep(0.05)
