#!/usr/bin/env python3
"""States which artifacts a run is graded by, and has the CI server sign it.

    proof.py OUT back-reports=<sha256> grade-reports=<sha256> ...
    proof.py --gitlab OUT back-reports grade-reports ...

The statement is a line `<sha256>  <name>` for each artifact, by name, as sha256sum writes. It becomes
an annotation of this job, and the audience of the token that GitHub signs for this job is
`docent#sha256=` and the SHA-256 of the statement: so the signature is one of these very reports. The
token is written to OUT/proof.jwt. It opens nothing: nobody accepts that audience but to read it.

At GitLab a token cannot be asked for: a job is given it, for an audience that may hold a variable. So
--gitlab downloads the archives of this pipeline's jobs of these names and writes the variable
DOCENT_DIGEST to OUT, a dotenv report, for the job after it.

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


def fetch(address: str) -> bytes:
    """What GitLab's API answers to this job. Its token stays there when the archive is elsewhere."""
    request = Request(address)
    request.add_unredirected_header("JOB-TOKEN", os.environ["CI_JOB_TOKEN"])
    with urlopen(request, timeout=SECONDS) as answer:
        return answer.read()


def gitlab(out: str, *names: str) -> int:
    project = f"{os.environ['CI_API_V4_URL']}/projects/{os.environ['CI_PROJECT_ID']}"
    jobs = json.loads(fetch(f"{project}/pipelines/{os.environ['CI_PIPELINE_ID']}/jobs?per_page=100"))
    words = []
    for job in jobs:
        if job["name"] in names and job.get("artifacts_file"):
            archive = fetch(f"{project}/jobs/{job['id']}/artifacts")
            words.append(f"{job['name']}={hashlib.sha256(archive).hexdigest()}")
    statement = state(words)
    print(statement, end="")
    Path(out).write_text(f"DOCENT_DIGEST={audience(statement).partition('=')[2]}\n", "utf-8")
    return 0


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
    if sys.argv[1] == "--gitlab":
        sys.exit(gitlab(*sys.argv[2:]))
    sys.exit(main(*sys.argv[1:]))
