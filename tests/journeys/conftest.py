from tests.editorial.views.conftest import login

__all__ = ["login"]  # the fixture is the same
