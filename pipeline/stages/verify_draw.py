"""Stage `verify_draw`: the draws on file -> proof that each follows from frame and seed."""

import json
from pathlib import Path

import pandas as pd

from pipeline.errors import FrameError
from pipeline.sampling.frame import frame_hash, read_frame
from pipeline.sampling.verify import verify


def verify_draw(draws: Path, frame: Path, verdicts: Path) -> None:
    """Make every draw again and compare; draws that do not follow stop the pipeline, all told."""
    sites = read_frame(frame)
    found, refused = {}, []
    for folder in sorted(path for path in draws.glob("*/*") if path.is_dir()):
        try:
            found[folder] = _verdict(folder, sites)
        except FrameError as error:
            refused.append(str(error))
    if refused:
        raise FrameError("\n".join(refused))
    verdicts.mkdir(parents=True, exist_ok=True)
    for folder, verdict in found.items():
        path = verdicts / folder.parent.name / f"{folder.name}.json"
        path.parent.mkdir(exist_ok=True)
        text = json.dumps(verdict, ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _verdict(folder: Path, sites: pd.DataFrame) -> dict[str, object]:
    verified = verify(folder, sites, survey=folder.parent.name, wave=folder.name)
    if verified is None:
        return {"drawn": False}
    return {
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
