### Submissions and grades.
submit-waiting = Got it: the run of `{ $repository }` is still going. I will answer when it is done; you need not stay here.
submit-later = Got it: the run of `{ $repository }` is recorded. I cannot get its reports from the CI server just now, so I keep trying; the grade comes by itself.
submit-not-a-link = That is not a link to a CI run. Open your repository, then Actions (at GitLab: Pipelines), then the run, and copy its address: it looks like `https://github.com/you/project/actions/runs/123`.
submit-other-host = I cannot read runs on `{ $host }`. Paste a link from { $known }.
submit-not-a-run = That link leads to something other than a CI run. Open Actions in your repository, choose the run and copy its address.
submit-unsafe = I do not follow links like this one. Copy the run’s address from the browser, without a port, a user name or a password in it.
submit-taken = This run was handed in by another member. Hand in a run of your own repository.
submit-repeated = You handed in this run before: { $practice }, { $grade } ({ $percent }%). To better a grade, hand in a new run.
submit-repeated-waiting = You handed in this run before, and its grade is on the way.
submit-cancelled = This run was cancelled before it finished, so there is nothing to grade. Run it again and hand in the new run.
submit-no-reports = This run uploaded none of the reports of a practice ({ $expected }). Check the upload step of your workflow, push, and hand in the new run.
submit-ci-not-found = There is no such run in this repository: its number is mistyped, or it was deleted. Copy the address again, or hand in a newer run.
submit-ci-forbidden = I may not read this run. Ask the person who runs the bot to give its token access to `{ $repository }`.
submit-ci-unauthorized = `{ $host }` does not accept my token. Tell the person who runs the bot to set a valid one; nothing was recorded.
submit-ci-install = I am not let into `{ $repository }` yet. If the link is right, let its owner open <{ $page }>, add my GitHub App to the repository, and hand the run in again.
submit-ci-not-installed = I am not let into `{ $repository }`. Let its owner add the bot’s GitHub App to the repository, and hand the run in again.
submit-ci-expired = The reports of this run have expired. Run the workflow again and hand in the new run.
submit-ci-too-large = The reports of this run are too large to read. Upload only the agreed report files and hand in the new run.
submit-ci-malformed = The CI server answered with something that is no answer. Nothing was recorded: try again in a few minutes, and if it stays so, tell the person who runs the bot.
submit-ci-forged = The reports of this run do not match what the CI server recorded, so it cannot be graded. Run the workflow again; if you think this is wrong, ask your instructor.
submit-ci-rate-limited = The CI server asks me to slow down. Nothing was recorded: please try again at { $time }.
submit-ci-unavailable = The CI server does not answer just now. Nothing was recorded: please try again in a few minutes.
submit-repeated-failed = You handed in this run before, and it could not be graded. { $why }
submit-skipped = This run was skipped by its own conditions, so nothing ran and there is nothing to grade. Push a commit that starts the workflow and hand in that run.
submit-timed-out = This run ran out of time before it uploaded any report. Find the step that hangs, push a fix and hand in the new run.
submit-action-required = This run waits for a person: open it on the CI server, approve it or start the manual job, and hand it in again when it has finished.
submit-startup-failure = This run could not start, most often because of a mistake in the workflow file. Open the run, read the message at the top, push a fix and hand in the new run.
submit-not-started = This run, or a job of it, never started: no runner took it, or the CI minutes are used up, which costs you no attempt. Check the CI settings of the repository or ask your instructor, then run it again and hand in the new run.
submit-infrastructure = A fault of the CI server’s own machines cut this run short, and reports are missing; that costs you no attempt. Run the workflow again and hand in the new run.
submit-superseded = The run was started again before it was graded. When it has ended, hand it in once more.
submit-stale = The CI server gave up on this run before it finished. Run the workflow again and hand in the new run.
submit-partly = Only some of the jobs were run again, so this attempt has not all the reports, and I do not mix those of two attempts. Run all of them again (“Re-run all jobs”, at GitLab a new pipeline), wait, and hand in that run.
submit-deleted = The run is no longer on the CI server: it was deleted. Run the workflow again and hand in the new run.
submit-event-any = It was started by an event that is not graded. Push a commit, wait for CI and hand in that run.
submit-ci-private = I cannot see `{ $repository }`: it is private, or it is not there. Check the link; if the repository is private, ask your instructor to give the bot access.
submit-ci-unreadable = The reports of this run cannot be read. Check what your workflow uploads and hand in a new run.
submit-ci-steps-only = I may not download its reports, so there is no grade. Tell the person who runs the bot to set a token that may read them, then hand in a new run.
submit-ci-steps-forbidden = My token may not read the artifacts of `{ $repository }`, so there is no grade. Ask the person who runs the bot to give it that permission, then hand in a new run.
submit-ci-elsewhere = The CI server sends me to { $host }, where I do not go. Tell the person who runs the bot; nothing was recorded.
submit-ci-timeout = The CI server did not answer in time. Nothing was recorded: please try again in a few minutes.
submit-failed-later = I could not grade the run of `{ $repository }`: { $why }

grade-title = { $practice }: { $grade } · { $percent }%
grade-s = Everything is in order. Excellent work!
grade-criterion = { $title }: −{ $points }
grade-criterion-untested = { $title }: −{ $points }, because coverage counts only when the tests are green
grade-points = { $points ->
    [one] { $points } point
   *[other] { $points } points
}
grade-gate = “{ $title }” is not met: until then the score goes no higher than { $cap }%.
grade-rerun = This is attempt { $attempt } of the run: only the reports of this attempt were read.
grade-missing-absent = Missing: `{ $file }`. The workflow must upload it.
grade-missing-unreadable = Unreadable: `{ $file }`. Check how the workflow writes it.
grade-findings = What the reports say
grade-findings-also = Also
grade-more = … and { $count } more in the reports.
grade-more-in-file = … and { $count } more in the file.
grade-values = Expected: { $expected }
    Got: { $actual }
grade-kind-differs = The result is not the one that the test expects.
grade-kind-failed = The check did not hold: { $what }
grade-kind-broke = The code stopped with { $error }: { $what }
grade-kind-setup = The test’s set-up broke, so the test itself did not run: { $what }
grade-kind-teardown = The test’s clean-up broke after the test: { $what }
grade-kind-no-error = The test expects an error, and none came: { $what }
grade-kind-module = A module was not found; check its name and the dependencies: { $what }
grade-kind-syntax = The code cannot be read; check its syntax: { $what }
grade-kind-timeout = What the test waits for did not come in time: { $what }
grade-kind-unformatted = The file is not formatted: run the formatter and commit the result.
grade-show-findings = This is your attempt { $attempt } at this practice. From attempt { $from } on I also say what failed.
grade-show-all = This is your attempt { $attempt } at this practice. From attempt { $from } on I also show what was expected, what came instead and where.
grade-file = 📎 All of it, with the traces in your files, is in `{ $name }`.
grade-file-about = All findings of the run
grade-file-head = Run { $run }: everything the reports found, what cost most first. Of each trace only your own files are shown.
grade-file-expected = Expected:
grade-file-actual = Got:
grade-file-trace = Trace:
grade-file-message = What the tool says:
grade-file-cut = … and { $count } more, which did not fit in: they are in the reports of the run.
grade-read = What to read again
grade-read-more = … and { $count } more.
grade-pointer = **{ $section }**: { $advice }
grade-run = Run { $run }, attempt { $attempt }, commit { $commit }
grade-open-section = Open a section
grade-tests = { $tool }: passed { $passed }
grade-failed = failed { $count }
grade-errors = errors { $count }
grade-skipped = skipped { $count }
grade-flaky = passed only on a retry: { $flaky }
grade-clean = clean: { $tools }
grade-lint = { $tool }: { $findings ->
    [one] { $findings } finding
   *[other] { $findings } findings
}
grade-coverage = coverage of { $side }: { $percent }% of lines
grade-no-tests = not one test ran
grade-not-run-missing = the test did not run: the report does not name it
grade-not-run-skipped = the test was skipped
grade-not-run-repeated = the test is reported more than once
grade-numbers = Reports
grade-next-better = Push a fix, wait for CI and hand in the new run with `/submit`: the best grade counts.
grade-ready-in-server = <@{ $member }>, your practice is graded. The result is in `/progress`; open your direct messages to get the details there.

### How far a run can be trusted. The words accuse nobody: they say what was compared.
trust-verified = ✅ Verified: the given files are as they were handed out.
trust-pinned = ✅ Verified: the given files are as they were handed out, and the course's own grader wrote these reports.
trust-signed = ✅ Verified and signed: the CI server vouches that the course's own grader wrote these reports in this run.
trust-audited = ✅ Audited: your instructor's own workflow graded this commit once more, and its result counts.
trust-advisory = ℹ️ Preliminary: not everything could be compared ({ $why }).
trust-review = 🔎 Your instructor will look at this run. The grade stands until then. What there is to look at:
trust-undo = If these changes to files are not needed, undo them and hand in the new run.
trust-set = ✅ Your instructor set this grade: { $reason }
trust-more = and { $count } more
trust-event = the run was started by { $event }
trust-changed = { $path } is changed
trust-gone = { $path } is not there
trust-added = { $path } is new in a folder that stays as given
trust-forbidden = { $path } is new and affects how tests are run
trust-workflow = the run did not call { $workflow }
trust-workflow-commit = the grading workflow was called at commit { $sha }, not at the agreed one
trust-tests = all tests are green, but some given tests are not among them: { $count }
trust-grader-silent = the grading job did not finish or did not say what it graded
trust-grader-unclear = more than one job says what was graded
trust-other-reports = the artifact { $artifact } is not the one the grading job names
trust-signature-broken = the signature is not the CI server's
trust-signature-reports = the signature is for other reports
trust-signature-run = the signature is for another run
trust-signature-workflow = the signature is for another workflow
trust-signature-runner = the grading job ran on a runner of one's own
trust-signature-time = the signature is from another time
trust-grader-unknown = the CI server does not show what the grading job said
trust-not-signed = the run has no signature of the CI server
trust-astray = { $artifact } does not fit the job { $job } that should upload it
trust-fork = the commit comes from another repository, such as a fork
trust-regraded = an audit gave this grade; the run handed in gave { $before }
trust-no-manifest = the practice has no list of given files
trust-tree-unknown = the files of the commit cannot be seen
trust-tree-truncated = the repository has more files than can be listed
trust-workflows-unknown = the CI server does not say which workflows were called
trust-twin = { $path } can hardly be told from the given { $given }: only by case or by characters that do not show
trust-submodule = { $path } is a repository of its own, so its files cannot be compared
trust-merge = the run tested a merge with another branch, whose files were not compared; hand in the run of the push of this commit
trust-own-machine = the job { $job } ran on a machine that is not the CI server’s own
trust-machines-unknown = the CI server does not say on which machines the jobs ran
trust-same-reports = the reports are the same, byte for byte, as those of another run
trust-same-files = all files are the same as those of another run
trust-workflow-open = the workflow is not among the given files
trust-other-config = the pipeline is configured by { $path }, which is not among the given files
trust-variables = the pipeline was started with variables: { $names }; hand in one that a push started without them
trust-signature-job = the signature is for another job
trust-settings-open = the project's settings are not your instructor's alone
trust-variables-unknown = the CI server does not show which variables the pipeline was started with
submit-event = Runs started by { $event } are not graded. Push a commit, wait for CI and hand in that run.

### What waits for an instructor.
review-title = To look at
review-empty = Nothing waits for your look.
review-head = { $count ->
    [one] One submission waits
   *[other] { $count } submissions wait
}, the oldest first. What there is to look at is listed; it says nothing about why.
review-entry = **{ $name }**, { $practice }: { $grade } ({ $percent }%) · [run]({ $link }) · `#{ $id }`
review-other-run = { $words } ([that run]({ $link }))
review-more = … and { $count } more.
review-how = `/grade set` with the same letter confirms a grade, another letter changes it; the member reads your reason.
audit-asked = { $name }, { $practice }: your workflow grades the same commit once more; I write to you when it is done.
audit-agrees = { $name }, { $practice }: your own run gives { $grade } ({ $percent } %) as well. [Run]({ $link })
audit-waits = What it shares with another member’s run is yours to judge: it stays in `/grade review`.
audit-differs = { $name }, { $practice }: your own run gives { $grade } ({ $percent } %), the run handed in gave { $before } ({ $was } %). The new grade counts and the member is told; `/grade set` changes it. [Run]({ $link })
audit-failed = { $name }, { $practice }: your own run gave no grade (reason { $code }). The grade stays; look at the workflow and ask again.
review-kept = { $name }, { $practice }: { $grade } is confirmed. I tell the member.
review-set = { $name }, { $practice }: { $grade } instead of { $before }. I tell the member.

### A run whose reports may not be downloaded.
steps-title = { $practice }: no grade yet
steps-weaker = By steps only: I may not download the reports of this run, so I know no more than how its jobs and steps ended. That is too little for a grade, and none is recorded.
steps-failed = What failed:
steps-passed = { $count ->
    [one] The one job passed.
   *[other] All { $count } jobs passed.
}
steps-operator = Tell the person who runs the bot to set a token for `{ $host }` that may read artifacts. Then hand in this run again.
steps-operator-later = Tell the person who runs the bot to set a token for `{ $host }` that may read artifacts. Then hand in a new run.
steps-permission = My token is good, but may not read the artifacts of `{ $repository }`. Ask the person who runs the bot to give it that permission. Then hand in this run again.
steps-permission-later = My token is good, but may not read the artifacts of `{ $repository }`. Ask the person who runs the bot to give it that permission. Then hand in a new run.
