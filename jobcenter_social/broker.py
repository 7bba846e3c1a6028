"""The embedded broker: messages are files, and a file is either whole or not there.

kombu's own file-system transport shows a file before it is written and reads one it does not hold yet, so under load
it loses messages and kills workers. Here both sides rename: a message appears complete, and whoever renames it away
owns it.
"""

import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads

SUFFIX = ".msg"


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex}.{queue}{SUFFIX}"
        unfinished = folder / f"{name}.part"
        unfinished.write_bytes(str_to_bytes(dumps(payload)))
        unfinished.rename(folder / name)

    def _get(self, queue: str) -> Any:
        for waiting in self._waiting(queue):
            taken = Path(self.processed_folder) / waiting.name
            try:
                waiting.rename(taken)
            except FileNotFoundError:  # another worker was faster
                continue
            content = taken.read_bytes()
            taken.unlink()
            return loads(bytes_to_str(content))
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _purge(self, queue: str) -> int:
        waiting = self._waiting(queue)
        for message in waiting:
            message.unlink(missing_ok=True)
        return len(waiting)

    def _waiting(self, queue: str) -> list[Path]:
        """The messages of this queue, oldest first: a name begins with the wall clock and ends with the whole queue."""
        folder = Path(self.data_folder_in)
        return sorted(path for path in folder.iterdir() if path.name.partition(".")[2] == f"{queue}{SUFFIX}")


class Transport(filesystem.Transport):
    Channel = Channel


TRANSPORT_ALIASES["fsatomic"] = "jobcenter_social.broker:Transport"
