import pytest

from editorial.lint.likeness import most_alike

TEXT = "Am Montag bleibt das Jobcenter an der Doventorsteinweg wegen einer Schulung geschlossen."


@pytest.mark.parametrize(
    "other",
    [
        TEXT,
        TEXT.upper(),
        TEXT.replace("Montag", "Dienstag"),
        "Wegen einer Schulung bleibt das Jobcenter an der Doventorsteinweg am Montag geschlossen!",
        f"{TEXT} https://www.jobcenter-bremen.de/schulung",
    ],
)
def test_the_same_in_other_words_or_another_order_is_alike(other):
    assert most_alike(TEXT, [(1, "Etwas ganz anderes steht hier in diesem Satz."), (2, other)]) == 2


@pytest.mark.parametrize(
    "other",
    ["", "Wegen einer Schulung", "Am Freitag öffnet das Jobcenter in Nord seine Türen für alle, die Arbeit suchen."],
)
def test_another_message_is_not(other):
    assert most_alike(TEXT, [(1, other)]) is None


def test_few_words_are_no_message_to_compare():
    assert most_alike("Frohe Weihnachten!", [(1, "Frohe Weihnachten!")]) is None
    assert most_alike("\u202e \u0301 👩‍🚀" * 50, [(1, TEXT)]) is None


def test_the_nearest_of_several_is_named():
    others = [(1, TEXT.replace("Montag", "Dienstag")), (2, TEXT), (3, TEXT.replace("Montag", "Freitag"))]
    assert most_alike(TEXT, others) == 2
