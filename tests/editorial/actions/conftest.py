from tests.promises import every_promise_holds  # noqa: F401 - asked after every test of this folder
