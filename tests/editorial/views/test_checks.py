"""The panel beside the text: what it shows of the rules' answers."""

CHECK = "/redaktion/beitraege/pruefen/"


def test_the_words_that_are_meant_are_marked_and_quoted(login, db):
    page = login().post(CHECK, {"text": "Ruf an: <0421 123456>"}).content.decode()
    assert "Ruf an: &lt;<mark>0421 123456</mark>&gt;" in page
    assert "„0421 123456“" in page
    assert 'data-select="0421 123456"' in page
