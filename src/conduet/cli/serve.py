"""`conduet serve`: the checks before, the first start, and the processes that serve.

One process imports the application and serves, or several that are copies of the one that has imported it.
"""

import errno
import fcntl
import gc
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import uvicorn
from uvicorn import _subprocess as workers  # pyright: ignore[reportPrivateUsage]  # where uvicorn keeps how they start
from uvicorn.supervisors import Multiprocess

from conduet.cli.opened import read_settings, remember_address
from conduet.cli.say import stop
from conduet.cli.start import prepare
from conduet.kit.log import configure
from conduet.settings import Settings

GRACE_SECONDS = 10
PORT_SECONDS = 3
BACKLOG = 2048
COLLECT_AFTER = (10_000, 20, 50)
# What a process that serves imports, in the end.
COPIED = ("conduet.app.create", "conduet.app.server", "uvloop")


def serve(flags: Mapping[str, Any], *, demo: bool) -> None:
    """Serves until it is told to stop.

    Whatever keeps it from starting (a port in use, a folder it may not write, a database of a newer version, a second
    `serve` on the same folder) is one sentence and an exit code other than 0.
    """
    gc.disable()
    settings = read_settings(flags if demo else {**flags, "demo": False})
    lock = _hold(settings.data)
    listening = _listen(settings.host, settings.port)
    address = _address(settings.host, listening.getsockname()[1])
    prepare(settings, address=address, demo=settings.demo)
    configure()
    remember_address(settings, address)
    try:
        if settings.workers == 1:
            uvicorn.Server(_config(settings)).run(sockets=[listening])
        else:
            _share(settings)
            _copy_workers(lock)
            gc.enable()
            Multiprocess(_config(settings), sockets=[listening]).run()
    except KeyboardInterrupt:
        pass
    finally:
        lock.close()


def worker_app() -> object:
    """The app of one of several processes: its settings come through the environment.

    It does not outlive the process that started it, in whose place another one could not listen.
    """
    gc.disable()
    configure()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return _app(Settings())


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _copy_workers(lock: IO[str]) -> None:
    """Makes each worker a copy of this process, which imports the application for all; uvicorn's would begin anew.

    It shares what was imported with the others, and is there in a seventh of the time, also in the place of one that
    has died. There are no threads here whose locks a copy could inherit.
    """
    for name in COPIED:
        import_module(name)
    gc.freeze()
    os.register_at_fork(after_in_child=_end_as_told)
    # The lock ends with this process: a copy that ends its turns after it keeps nobody from starting in its place.
    os.register_at_fork(after_in_child=lock.close)
    workers.spawn = multiprocessing.get_context("fork")


def _end_as_told() -> None:
    """Has a copy end by a signal until it serves: what this process does with one is to tell its copies."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_DFL)


def _app(settings: Settings) -> object:
    """The app; what the process is made of is left out of garbage collection, which begins here.

    A full collection of it held up every turn for 100 ms, about once a second at 32 busy users. Before this there is
    little to collect (6 MB after a first start), and looking for it took a third of the start.
    """
    from conduet.app.create import create_app

    app = create_app(settings)
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()
    return app


def _config(settings: Settings) -> uvicorn.Config:
    several = settings.workers > 1
    return uvicorn.Config(
        "conduet.cli.serve:worker_app" if several else _app(settings),  # pyright: ignore[reportArgumentType]  # an ASGI app
        factory=several,
        workers=settings.workers,
        http="conduet.app.server:JsonHttpProtocol",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _share(settings: Settings) -> None:
    """Puts the settings where the worker processes read theirs."""
    os.environ["CONDUET_DATA"] = str(settings.data.absolute())
    os.environ["CONDUET_WORKERS"] = str(settings.workers)
    os.environ["CONDUET_DEMO"] = str(settings.demo)

    from conduet.app.metrics import share

    share(settings.run_dir / "metrics")


def _hold(data: Path) -> IO[str]:
    """The folder, made when missing, and the lock that says it is being served."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (data / "serve.lock").open("w")
    except OSError as error:
        stop(
            f"the folder {data} cannot be written ({error.strerror}): choose another with --data, or change its owner."
        )
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stop(f"another conduet serves {data} already: stop that one first, or choose another folder with --data.")
    return lock


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        _bind(listening, host, port)
        listening.listen(BACKLOG)
    except OSError as error:
        stop(f"port {port} on {host} cannot be used ({error.strerror}): choose another with --port.")
    listening.set_inheritable(True)
    return listening


def _bind(listening: socket.socket, host: str, port: int) -> None:
    """Binds, once the processes of a server that was killed have let go of the port."""
    until = time.monotonic() + PORT_SECONDS
    while True:
        try:
            return listening.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise
            time.sleep(0.05)


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104  # compared, not bound
    return f"http://{shown}:{port}"
