"""The map of the course: what each lesson stands on, and what is there."""

from course_lib.widgets import CourseMap


def test_map_lights_prerequisites_and_links_what_exists(tmp_path, monkeypatch):
    for folder in ("notebooks/0_start", "notebooks/1_training"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "notebooks/1_training/1_1_forward_propagation.ipynb").touch()
    monkeypatch.chdir(tmp_path / "notebooks/0_start")
    widget = CourseMap(root=tmp_path, lesson="1.2")
    lessons = {lesson["number"]: lesson for lesson in widget.page["lessons"]}
    assert lessons["1.1"]["link"] == "../1_training/1_1_forward_propagation.ipynb"
    assert lessons["1.2"]["link"] == "" and not lessons["1.2"]["open"]
    assert widget.result["under"] == ["0.1", "1.1"]
    assert widget.result["needs"] == ["1.1"] and widget.result["leads_to"] == ["1.3"]
