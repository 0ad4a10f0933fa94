#!/usr/bin/env python3
"""States which artifacts a run is graded by, and has GitHub sign it.

    proof.py OUT back-reports=<sha256> grade-reports=<sha256> ...

The statement is a line `<sha256>  <name>` for each artifact, by name, as sha256sum writes. It becomes
an annotation of this job, and the audience of the token that GitHub signs for this job is
`docent#sha256=` and the SHA-256 of the statement: so the signature is one of these very reports. The
token is written to OUT/proof.jwt. It opens nothing: nobody accepts that audience but to read it.

This job runs no code of the member's. Artifacts without a digest were not made and are left out.
"""

import hashlib
import json
import os
import re
import sys
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

SECONDS = 30


def state(words: list[str]) -> str:
    """The statement for words of the form name=digest."""
    lines = []
    for word in sorted(words, key=lambda word: word.partition("=")[0]):
        name, _, digest = word.partition("=")
        digest = digest.removeprefix("sha256:")
        if not digest:
            continue
        if not re.fullmatch("[0-9a-f]{64}", digest) or not re.fullmatch(r"[\w.-]+", name):
            raise SystemExit(f"proof.py: {word!r} is not name=sha256")
        lines.append(f"{digest}  {name}\n")
    if not lines:
        raise SystemExit("proof.py: no artifact has a digest, so there is nothing to state")
    return "".join(lines)


def audience(statement: str) -> str:
    return f"docent#sha256={hashlib.sha256(statement.encode()).hexdigest()}"


def sign(wanted: str) -> str:
    """A token of GitHub for this job, with this audience."""
    address = os.environ["ACTIONS_ID_TOKEN_REQUEST_URL"] + "&" + urlencode({"audience": wanted})
    bearer = os.environ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
    with urlopen(Request(address, headers={"Authorization": f"bearer {bearer}"}), timeout=SECONDS) as answer:
        return json.load(answer)["value"]


def main(out: str, *words: str) -> int:
    statement = state(list(words))
    # A workflow command takes a line break as %0A.
    print(f"::notice title=docent::{statement.strip().replace('%', '%25').replace(chr(10), '%0A')}")
    if "ACTIONS_ID_TOKEN_REQUEST_URL" not in os.environ:
        print("No signature: this job has no `id-token: write`.")
        return 0
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "proof.jwt").write_text(sign(audience(statement)), "utf-8")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
