"""python -m x_simulator --port N [--state FILE]: serves until SIGTERM or SIGINT."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from .keeping import Keeper, load
from .keys import keys_from
from .server import Server
from .simulation import Simulation


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m x_simulator", description="A stand-in for the X API.")
    parser.add_argument("--port", type=int, default=0, help="0 = any free port")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address; others are refused")
    parser.add_argument("--state", type=Path, help="file that keeps posts, media, followers and clock")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when the starting process is gone")
    return parser.parse_args()


def stop(number: int, frame: FrameType | None) -> None:
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(0)


def end_with_stdin() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    options = arguments()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    try:
        state, offset_s = load(options.state) if options.state else (None, 0.0)
        sim = Simulation(keys_from(os.environ), state, offset_s)
        server = Server(sim, options.port, options.host)
    except (ValueError, OSError, OverflowError) as error:
        sys.exit(f"x_simulator: {error}")
    serve(server, Keeper(sim, options.state) if options.state else None, options.until_stdin_closes)


def serve(server: Server, keeper: Keeper | None, until_stdin_closes: bool) -> None:
    if keeper:
        keeper.start()
    if until_stdin_closes:
        threading.Thread(target=end_with_stdin, daemon=True).start()
    print(f"X simulator ready at {server.address}", flush=True)
    try:
        server.serve_forever()
    finally:
        server.sim.stopping.set()
        server.server_close()
        if keeper:
            keeper.stop()


if __name__ == "__main__":
    main()
