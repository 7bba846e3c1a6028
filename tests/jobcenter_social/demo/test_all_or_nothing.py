import http.server
import threading
from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from editorial.models import AuditEntry, Post, User
from jobcenter_social.demo import simulator
from jobcenter_social.demo.build import all_or_nothing
from tests.conftest import NOWHERE
from tests.factories import PostFactory, person

pytestmark = pytest.mark.django_db


def test_one_account_is_enough_to_refuse():
    person()
    with pytest.raises(CommandError, match="schon Konten oder Beiträge"):
        call_command("demo_data")
    assert (User.objects.count(), Post.objects.count(), AuditEntry.objects.count()) == (1, 0, 0)


def test_one_beitrag_is_enough_to_refuse():
    PostFactory()
    with pytest.raises(CommandError, match="schon Konten oder Beiträge"):
        call_command("demo_data")
    assert Post.objects.count() == 1


def test_without_its_simulator_nothing_is_built(settings):
    settings.X_SIMULATOR_IS_OURS, settings.X_API_BASE_URL = True, NOWHERE
    with pytest.raises(CommandError, match="X-Simulator"):
        call_command("demo_data")
    assert (User.objects.count(), AuditEntry.objects.count()) == (0, 0)


def build_and_fail(made: list[str]) -> None:
    with all_or_nothing() as undo:
        person()
        made.append(default_storage.save("bild.png", ContentFile(b"picture")))
        undo.callback(default_storage.delete, made[0])
        raise RuntimeError("on the way")


def test_a_failure_on_the_way_leaves_neither_rows_nor_files():
    made: list[str] = []
    with pytest.raises(RuntimeError, match="on the way"):
        build_and_fail(made)
    assert len(made) == 1
    assert not default_storage.exists(made[0])
    assert not User.objects.exists()


def test_what_succeeds_keeps_its_files():
    with all_or_nothing() as undo:
        name = default_storage.save("bild.png", ContentFile(b"picture"))
        undo.callback(default_storage.delete, name)
    assert default_storage.exists(name)


@pytest.fixture
def eavesdropper() -> Iterator[tuple[str, list[str]]]:
    """Somebody else's service, with a list of all that was asked of it; it refuses everything."""
    heard: list[str] = []

    class Ear(http.server.BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            heard.append(f"{self.command} {self.path}")
            self.send_error(400)

        do_GET = do_POST = handle_any  # noqa: N815 - the names that http.server looks for

        def log_message(self, *args: object) -> None:
            """Silence."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", heard
        server.shutdown()
        thread.join()


def test_a_service_from_outside_is_told_nothing(settings, eavesdropper):
    settings.X_SIMULATOR_IS_OURS, settings.X_API_BASE_URL = False, eavesdropper[0]
    simulator.must_answer()
    simulator.fill([], {})
    assert eavesdropper[1] == []


def test_a_simulator_that_refuses_is_named(settings, eavesdropper):
    settings.X_SIMULATOR_IS_OURS, settings.X_API_BASE_URL = True, eavesdropper[0]
    with pytest.raises(simulator.NotFilled, match=eavesdropper[0]):
        simulator.fill([], {})
    assert eavesdropper[1] == ["POST /_sim/fill"]
