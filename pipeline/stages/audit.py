"""Stage `audit`: only pages whose every number agrees with the disclosed tables are published."""

from pathlib import Path

from pipeline.disclosure.audit import audit_site
from pipeline.disclosure.manifest import read_manifest
from pipeline.disclosure.public import read_public
from pipeline.disclosure.verdict import publish, refuse, write_verdict


def audit(site: Path, disclosed: Path, verdict: Path, published: Path) -> None:
    """Check the rendered site; publish it whole, or refuse it and publish nothing."""
    manifest = read_manifest(site / "manifest.json")
    faults = audit_site(site, read_public(disclosed), manifest)
    write_verdict(faults, manifest, verdict)
    if faults:
        raise refuse(faults)
    publish(site, manifest.pages, published)
