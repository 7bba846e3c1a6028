from editorial.standing import kept, once


def asked(times, answer="Antwort"):
    times.append(answer)
    return answer


def test_every_question_is_asked_anew():
    times = []
    answers = [once("Frage", lambda: asked(times)) for _ in range(3)]
    assert (answers, len(times)) == (["Antwort"] * 3, 3)


def test_while_answers_are_kept_each_question_is_asked_once():
    times = []
    with kept():
        answers = [once(question, lambda: asked(times, None)) for question in ("eins", "zwei", "eins")]
    assert (answers, len(times)) == ([None] * 3, 2)


def test_nothing_is_kept_longer():
    with kept():
        once("Frage", lambda: "alt")
    assert once("Frage", lambda: "neu") == "neu"
    with kept():
        assert once("Frage", lambda: "neuer") == "neuer"
