import datetime as dt

import pytest

from editorial.channels.parsing import account_of, figures_of, page_of, processing_of
from editorial.channels.protocol import MEASURES, Account, ChannelSilent, Figures

ID = "1700000000000000001"
OTHER = "1700000000000000002"


def metrics(**counts):
    return {"id": ID, "text": "", "public_metrics": counts}


def values(**counts):
    return {**dict.fromkeys(MEASURES), **counts}


@pytest.mark.parametrize("word", ["retweet_count", "repost_count"])
def test_figures_are_read_in_both_vocabularies(word):
    answer = {"data": [metrics(**{word: 4, "like_count": 2, "impression_count": 90, "reply_count": 0})]}

    assert figures_of(answer, [ID]) == [Figures(ID, values(retweets=4, likes=2, impressions=90, replies=0))]


@pytest.mark.parametrize("odd", [None, "7", -1, True, 1.5, [], {}])
def test_a_figure_that_is_no_count_is_missing_and_not_zero(odd):
    assert figures_of({"data": [metrics(like_count=odd)]}, [ID]) == [Figures(ID, values())]


def test_figures_come_in_the_order_asked_and_missing_posts_are_gone():
    answer = {
        "data": [metrics(like_count=1)],
        "errors": [{"type": "https://api.x.com/2/problems/resource-not-found", "resource_id": OTHER}],
    }

    assert figures_of(answer, [OTHER, ID]) == [Figures(OTHER, values(), gone=True), Figures(ID, values(likes=1))]


def test_a_post_that_may_not_be_read_is_not_gone():
    answer = {"errors": [{"type": "https://api.x.com/2/problems/not-authorized-for-resource", "value": ID}]}

    assert figures_of(answer, [ID]) == [Figures(ID, values())]


@pytest.mark.parametrize("answer", [None, [], {}, {"data": None}, {"data": []}, {"errors": [{"title": "Oops"}]}])
def test_an_answer_that_names_no_post_is_no_answer(answer):
    with pytest.raises(ChannelSilent):
        figures_of(answer, [ID])


def test_an_account_without_a_number_of_followers_has_none():
    answer = {"data": {"id": "42", "username": "jobcenter_demo", "public_metrics": {}}}

    assert account_of(answer) == Account("42", "jobcenter_demo", None)


@pytest.mark.parametrize("answer", [None, [], {}, {"data": []}, {"data": {}}, {"data": {"id": 42}}])
def test_an_account_without_an_id_is_no_answer(answer):
    with pytest.raises(ChannelSilent):
        account_of(answer)


def page(*posts, **meta):
    return {"data": list(posts), "meta": {"result_count": len(posts), **meta}}


def test_a_page_gives_its_entries_and_the_token_of_the_next():
    entries, token = page_of(page({"id": ID, "text": "eins", "created_at": "2026-11-22T09:30:00.000Z"}, next_token="n"))

    assert token == "n"
    assert [(e.external_id, e.text) for e in entries] == [(ID, "eins")]
    assert entries[0].at == dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)


def test_an_empty_page_is_believed_when_it_says_so():
    assert page_of({"meta": {"result_count": 0}}) == ([], None)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        {"errors": [{"title": "Oops"}]},
        {"meta": {}},
        {"meta": {"result_count": 1}},
        {"data": None, "meta": {"result_count": 0}},
        {"data": [{"id": ID}], "meta": {"result_count": 2}},
        {"data": [{"text": "ohne Nummer"}], "meta": {"result_count": 1}},
        {"data": ["?"], "meta": {"result_count": 1}},
        {"data": [{"id": "7"}], "meta": {"result_count": 1}},
    ],
)
def test_a_page_that_is_not_whole_never_looks_empty(answer):
    with pytest.raises(ChannelSilent):
        page_of(answer)


@pytest.mark.parametrize(
    "reference",
    [("referenced_tweets", "retweeted"), ("referenced_posts", "reposted"), ("referenced_posts", "retweeted")],
)
def test_a_retweet_names_its_original_in_both_vocabularies(reference):
    key, kind = reference
    post = {"id": ID, "text": "RT", key: [{"type": "quoted", "id": ID}, {"type": kind, "id": OTHER}]}

    assert page_of(page(post))[0][0].is_retweet_of == OTHER


@pytest.mark.parametrize("note", ["note_tweet", "note_post"])
def test_a_long_text_is_read_in_full(note):
    post = {
        "id": ID,
        "text": "Kurz … https://t.co/long",
        note: {
            "text": "Lang https://t.co/a",
            "entities": {"urls": [{"url": "https://t.co/a", "expanded_url": "https://a.example"}]},
        },
    }

    assert page_of(page(post))[0][0].text == "Lang https://a.example"


@pytest.mark.parametrize(
    "odd",
    [
        {"entities": None},
        {"entities": {"urls": None}},
        {"entities": {"urls": [None, {}, {"url": ""}, {"url": 3}]}},
        {"attachments": []},
        {"attachments": {"media_keys": None}},
        {"referenced_tweets": None},
        {"note_tweet": None},
        {"note_tweet": {}},
        {"created_at": 17},
        {"created_at": "gestern"},
        {"edit_history_tweet_ids": [""]},
    ],
)
def test_odd_extras_do_not_hide_the_entry(odd):
    entries, _ = page_of(page({"id": ID, "text": "eins", **odd}))

    assert [(e.external_id, e.text, e.media_count) for e in entries] == [(ID, "eins", 0)]


@pytest.mark.parametrize("info", [None, {"state": "succeeded"}])
def test_a_picture_without_anything_pending_is_ready(info):
    assert processing_of({"data": {"id": "1", "processing_info": info}}) is None


def test_a_pending_picture_says_how_long_to_wait_and_never_zero():
    def wait_s(**info):
        found = processing_of({"data": {"processing_info": {"state": "in_progress", **info}}})
        return found and found.check_after_s

    assert [wait_s(check_after_secs=3), wait_s(check_after_secs=0), wait_s()] == [3.0, 0.2, 1.0]


@pytest.mark.parametrize("info", ["?", {}, {"state": "strange"}])
def test_an_unknown_state_of_a_picture_is_no_answer(info):
    with pytest.raises(ChannelSilent):
        processing_of({"data": {"processing_info": info}})
