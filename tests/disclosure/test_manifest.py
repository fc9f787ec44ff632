from pipeline.disclosure.manifest import Recorder, read_manifest, write_manifest


def test_a_manifest_does_not_depend_on_the_order_of_rendering(tmp_path):
    first, second = Recorder(), Recorder()
    notes = [("a.html", "E-1", "value", 0.5, "50%"), ("a.html", "E-2", "n", 812.0, "812")]
    for note in notes:
        first.number(*note)
    for note in [*reversed(notes), notes[0]]:
        second.number(*note)
    assert first.manifest() == second.manifest()
    write_manifest(first.manifest(), tmp_path / "m.json")
    assert read_manifest(tmp_path / "m.json") == first.manifest()


def test_values_survive_the_file_to_the_last_bit(tmp_path):
    recorder = Recorder()
    recorder.number("a.html", "E-1", "value", 0.1 + 0.2, "30%")
    write_manifest(recorder.manifest(), tmp_path / "m.json")
    assert read_manifest(tmp_path / "m.json").numbers[0].value == 0.1 + 0.2
