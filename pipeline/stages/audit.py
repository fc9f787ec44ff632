"""Stage `audit`: pages that agree with tables and findings are published, no others."""

from pathlib import Path

from pipeline.disclosure.audit import audit_site
from pipeline.disclosure.manifest import read_manifest
from pipeline.disclosure.public import read_public
from pipeline.disclosure.verdict import publish, refuse, write_verdict
from pipeline.findings.finding import read_findings
from pipeline.problems.claims import claims_of
from pipeline.problems.followup import read_followups
from pipeline.problems.problem import read_problems, read_proposals
from pipeline.problems.verdicts import with_verdicts


def audit(
    site: Path, disclosed: Path, findings: Path, proposals: Path, problems: Path,
    followup: Path, verdict: Path, published: Path,
) -> None:  # fmt: skip
    """Check the rendered site; publish it whole, or refuse it and publish nothing."""
    manifest = read_manifest(site / "manifest.json")
    public = with_verdicts(read_public(disclosed), read_followups(followup))
    claims = claims_of(
        read_findings(findings), read_proposals(proposals), read_problems(problems), public
    )
    faults = audit_site(site, public, manifest, claims)
    write_verdict(faults, manifest, verdict)
    if faults:
        raise refuse(faults)
    publish(site, manifest.pages, published)
