"""Real documentation to measure retrieval on: manuals of Debian packages, fetched with apt-get, with questions in gold/NAME.jsonl.

    .venv/bin/python benchmarks/corpora.py NAME FOLDER      fetches one into FOLDER and prints the folder to ingest
    .venv/bin/diptych ingest THAT_FOLDER --library LIBRARY
    .venv/bin/diptych eval benchmarks/gold/NAME.jsonl --retrieval-only --library LIBRARY

The questions were written from the manuals of Debian 12; another release of Debian has other ones. Those of handbook and gimp are for
testing only: no constant is chosen on them, and none of them was worded after a search.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

HANDBOOK = """
the-debian-project.html sect.foundation-documents.html sect.debian-internals.html sect.follow-debian-news.html
sect.role-of-distributions.html sect.release-lifecycle.html
sect.master-plan.html sect.why-debian.html existing-setup.html sect.how-to-migrate.html
installation.html sect.installation-steps.html sect.after-first-boot.html
packaging-system.html sect.package-meta-information.html sect.source-package-structure.html sect.manipulating-packages-with-dpkg.html
sect.coexistence-with-other-packaging-systems.html
apt.html sect.apt-*.html sect.package-authentication.html sect.dist-upgrade.html sect.*-upgrades.html sect.searching-packages.html
unix-services.html sect.remote-login.html sect.rights-management.html sect.administration-interfaces.html sect.syslog.html
sect.inetd.html sect.*task-scheduling-*.html sect.quotas.html sect.backup.html sect.hotplug.html sect.power-management.html
network-infrastructure.html sect.virtual-private-network.html sect.quality-of-service.html sect.dynamic-routing.html
sect.ipv6.html sect.domain-name-servers.html sect.dhcp.html sect.network-diagnosis-tools.html
workstation.html sect.customizing-graphical-interface.html sect.graphical-desktops.html sect.main-desktop-tools.html
sect.web-browsers.html sect.development.html sect.office-suites.html sect.windows-emulation.html sect.rtc-clients.html
"""  # chapters 1 to 6, 9, 10 and 13, nearly whole

CORPORA: dict[str, tuple[str, str, tuple[str, ...]]] = {  # name: (package, folder in it, pages, or patterns of their names)
    "debian-edu": ("debian-edu-doc-en", "usr/share/doc/debian-edu-doc-en", ("debian-edu-bookworm-manual.html",)),
    "kicad": (
        "kicad-doc-en",
        "usr/share/doc/kicad/help/en",
        ("getting_started_in_kicad.html", "gerbview.html", "kicad.html", "pcb_calculator.html", "pl_editor.html"),
    ),
    "handbook": ("debian-handbook", "usr/share/doc/debian-handbook/html/en-US", tuple(HANDBOOK.split())),
    "gimp": (
        "gimp-help-en",
        "usr/share/gimp/2.0/help/en",
        ("gimp-tool*.html", "gimp-selection-*.html", "gimp-filter-*blur*.html", "layer-mode-group-*.html", "gimp-layer-new*.html"),
    ),
}
PICTURE = re.compile(r'<img[^>]*?\ssrc="([^":]+)"')


def unpack(package: str, folder: Path) -> Path:
    """The files of a Debian package, downloaded with apt-get and unpacked into `folder`; nothing is installed, no root is needed."""
    subprocess.run(["apt-get", "download", package], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    [archive] = folder.glob(f"{package}_*.deb")
    subprocess.run(["dpkg-deb", "-x", archive.name, "files"], cwd=folder, check=True)
    return folder / "files"


def fetch(name: str, folder: Path) -> Path:
    """The corpus `name` as a new folder in `folder`: its pages, and the pictures they show, under their own names."""
    package, inside, pages = CORPORA[name]
    target = folder / name
    with tempfile.TemporaryDirectory() as temporary:
        root = unpack(package, Path(temporary)) / inside
        for page in (found.name for pattern in pages for found in sorted(root.glob(pattern))):
            for wanted in (page, *map(unquote, PICTURE.findall((root / page).read_text("utf-8")))):
                if (root / wanted).is_file():
                    (target / wanted).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(root / wanted, target / wanted)
    return target


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in CORPORA:
        sys.exit(f"usage: corpora.py {{{'|'.join(CORPORA)}}} FOLDER")
    print(fetch(sys.argv[1], Path(sys.argv[2])))
