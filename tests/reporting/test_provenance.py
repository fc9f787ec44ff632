from pipeline.reporting.provenance import provenance_of


def test_the_hash_follows_content_and_not_place_or_time(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name / "x").mkdir(parents=True)
        (tmp_path / name / "x" / "t.csv").write_text("1", encoding="utf-8")
    first, second = (provenance_of([tmp_path / name]) for name in ("a", "b"))
    assert first == second
    (tmp_path / "b" / "x" / "t.csv").write_text("2", encoding="utf-8")
    assert provenance_of([tmp_path / "b"]) != first
    assert len(first.inputs) == 12
