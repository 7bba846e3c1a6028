"""Messages as files: nothing is lost, nothing comes twice, nothing is read half written."""

import threading
from queue import Empty

import pytest
from kombu import Connection

import jobcenter_social.broker  # noqa: F401 - makes the transport name known


@pytest.fixture
def connection(tmp_path):
    folders = {name: tmp_path / name for name in ("queue", "taken", "control")}
    for folder in folders.values():
        folder.mkdir()
    options = {
        "data_folder_in": str(folders["queue"]),
        "data_folder_out": str(folders["queue"]),
        "processed_folder": str(folders["taken"]),
        "control_folder": str(folders["control"]),
    }
    with Connection("fsatomic://", transport_options=options) as connection:
        yield connection


def channel_of(connection):
    return connection.clone().channel()


def test_messages_come_out_in_the_order_in_which_they_went_in(connection):
    channel = channel_of(connection)
    for number in range(5):
        channel._put("ticks", {"number": number})
    assert [channel._get("ticks")["number"] for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(Empty):
        channel._get("ticks")


def test_queues_do_not_see_each_other_even_when_one_name_ends_like_the_other(connection):
    channel = channel_of(connection)
    channel._put("ticks", {"from": "ticks"})
    channel._put("other.ticks", {"from": "other.ticks"})
    assert channel._get("other.ticks") == {"from": "other.ticks"}
    assert (channel._size("ticks"), channel._size("other.ticks")) == (1, 0)


def test_a_file_that_is_still_being_written_is_not_there_yet(connection, tmp_path):
    channel = channel_of(connection)
    channel._put("ticks", {"number": 1})
    (message,) = (tmp_path / "queue").iterdir()
    message.rename(message.with_name(f"{message.name}.part"))
    with pytest.raises(Empty):
        channel._get("ticks")
    assert channel._size("ticks") == 0


def test_purging_removes_one_queue_only(connection):
    channel = channel_of(connection)
    for queue in ("ticks", "ticks", "metrics"):
        channel._put(queue, {})
    assert (channel._purge("ticks"), channel._size("ticks"), channel._size("metrics")) == (2, 0, 1)


def test_six_hundred_messages_between_three_writers_and_three_readers_arrive_once_each(connection):
    writers, readers, each = 3, 3, 200
    received: list[int] = []
    written = threading.Barrier(writers + 1)

    def write(base: int) -> None:
        channel = channel_of(connection)
        for number in range(each):
            channel._put("ticks", {"number": base + number, "filling": "x" * 4000})
        written.wait(timeout=30)

    done = threading.Event()

    def read() -> None:
        channel = channel_of(connection)
        while True:
            finished = done.is_set()
            try:
                received.append(channel._get("ticks")["number"])
            except Empty:
                if finished:
                    return

    threads = [threading.Thread(target=write, args=(index * each,)) for index in range(writers)]
    reading = [threading.Thread(target=read) for _ in range(readers)]
    for thread in threads + reading:
        thread.start()
    written.wait(timeout=30)
    done.set()
    for thread in threads + reading:
        thread.join(timeout=30)
    assert sorted(received) == list(range(writers * each))
