"""Stage `verify_draw`: the draw on file -> proof that it follows from the frame and its seed."""

import json
from pathlib import Path

from pipeline.sampling.frame import frame_hash, read_frame
from pipeline.sampling.verify import verify


def verify_draw(draw: Path, frame: Path, verdict: Path, *, survey: str, wave: str) -> None:
    """Make the draw again and compare; a draw that does not follow stops the pipeline."""
    sites = read_frame(frame)
    verified = verify(draw, sites, survey=survey, wave=wave)
    found: dict[str, object] = {"drawn": False}
    if verified is not None:
        found = {
            "drawn": True,
            "verified": True,
            "frame_hash": frame_hash(sites),
            "method": verified.record.method,
            "size": verified.record.size,
            "parties": [party.name for party in verified.record.parties],
            "strata": len(verified.record.sites_per_stratum),
            "sites_in_frame": len(sites),
            "sites": len(verified.sites),
            "persons": len(verified.persons),
        }
    verdict.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, ensure_ascii=False, indent=1)
    verdict.write_text(text + "\n", encoding="utf-8", newline="\n")
