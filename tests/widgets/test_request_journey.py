"""The way of a request through the server, and where it ends."""

from claims import says

from course_lib.widgets import RequestJourney


def journey(body=None, **values):
    """(the station that ends a request, its status); `body` changes the request that stands there at first."""
    standing = RequestJourney().values["body"]
    result = RequestJourney(**values, body=standing.replace(*body) if body else standing).result
    return result["station"], result["status"]


def test_every_station_of_the_journey_can_be_found():
    """The question of lesson 3.2: one request for each of the eight stations, and no 500."""
    assert journey() == (8, 200)
    assert journey(address="neuron/versions/1") == (8, 200)
    assert [
        journey(address="nerve"),
        journey(('"FP32"', "FP32")),
        journey(('"counts"', '"count"')),
        journey(("[1, 3]", "[3]")),
        journey(("2, 0, 1", "2, 0")),
        journey(("\n]}", '], "outputs": [{"name": "label"}]}')),
        journey(("\n]}", ', {"name": "text", "datatype": "BYTES", "shape": [1], "data": ["game"]}]}')),
        journey(("2, 0, 1", "3e38, 0, 1e38")),
    ] == [(0, 404), *((station, 400) for station in range(1, 8))]


def test_journey_shows_the_answer_and_who_refused():
    result = RequestJourney(body="").result
    assert (
        result["answer"].startswith("HTTP/1.1 400 Bad Request\n") and '{"error": "The body is empty' in result["answer"]
    )
    assert result["function"] == "messages.parse"
    assert says(result["description"], "2 of 8", "JSON", "400")
    assert RequestJourney(body="\ud800é").result["length"] == 5, "half a character is no failure either"
