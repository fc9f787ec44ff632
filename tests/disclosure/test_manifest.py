from pipeline.disclosure.manifest import Recorder, digest, read_manifest, sealed, write_manifest


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


def test_a_sealed_manifest_knows_every_file_to_the_byte(tmp_path):
    recorder = Recorder()
    recorder.page("a.html")
    recorder.require("a.html", "header", "模拟")
    (tmp_path / "a.html").write_bytes(b"abc")
    manifest = sealed(recorder.manifest(), tmp_path)
    assert [(one.page, one.sha256[:8]) for one in manifest.files] == [("a.html", "ba7816bf")]
    write_manifest(manifest, tmp_path / "m.json")
    assert read_manifest(tmp_path / "m.json") == manifest
    (tmp_path / "a.html").write_bytes(b"abd")
    assert digest(tmp_path / "a.html") != manifest.files[0].sha256
