"""What a channel answers, as little as possible: a process of its own that takes a post and gives it a number.

Prints its port. ``/<milliseconds>/2/tweets`` answers after that time; ``/count`` says how many posts were taken.
"""

import asyncio
import itertools
import json
import time

_ids = itertools.count(time.time_ns())  # no number twice, whenever it is started
_taken = 0


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    global _taken
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method, path, _ = head.split(" ", 2)
            headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
            await reader.readexactly(int(headers.get("content-length", 0)))
            if method == "POST":
                await asyncio.sleep(int(path.split("/")[1]) / 1000)
                _taken += 1
                found: object = {"data": {"id": str(next(_ids)), "text": ""}}
            else:
                found = _taken
            body = json.dumps(found).encode()
            writer.write(
                b"HTTP/1.1 %d OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
                % (201 if method == "POST" else 200, len(body))
                + body
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
