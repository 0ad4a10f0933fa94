### Submissions and grades.
submit-waiting = Got it: the run of `{ $repository }` is still going. I will answer when it is done; you need not stay here.
submit-later = Got it: the run of `{ $repository }` is recorded. The CI server is slow just now, so the grade comes as soon as I have its reports.
submit-not-a-link = That is not a link to a CI run. Open your repository, then Actions (at GitLab: Pipelines), then the run, and copy its address: it looks like `https://github.com/you/project/actions/runs/123`.
submit-other-host = I cannot read runs on `{ $host }`. Paste a link from { $known }.
submit-not-a-run = That link leads to something other than a CI run. Open Actions in your repository, choose the run and copy its address.
submit-unsafe = I do not follow links like this one. Copy the run’s address from the browser, without a port, a user name or a password in it.
submit-taken = This run was handed in by another member. Hand in a run of your own repository.
submit-repeated = You handed in this run before: { $practice }, { $grade } ({ $percent }%). To better a grade, hand in a new run.
submit-repeated-waiting = You handed in this run before, and its grade is on the way.
submit-cancelled = This run was cancelled before it finished, so there is nothing to grade. Run it again and hand in the new run.
submit-no-reports = This run uploaded none of the reports of a practice ({ $expected }). Check the upload step of your workflow, push, and hand in the new run.
submit-ci-not-found = There is no such run, or I may not see it. Check the link; for a private repository ask your instructor to give the bot access.
submit-ci-forbidden = I may not read this run. Ask the person who runs the bot to give its token access to `{ $repository }`.
submit-ci-unauthorized = I have no valid token to read reports. Tell the person who runs the bot to set `GITHUB_TOKEN`; nothing was recorded.
submit-ci-expired = The reports of this run have expired. Run the workflow again and hand in the new run.
submit-ci-too-large = The reports of this run are too large to read. Upload only the agreed report files and hand in the new run.
submit-ci-malformed = The reports of this run cannot be read. Check what your workflow uploads and hand in a new run.
submit-ci-forged = The reports of this run do not match what the CI server recorded, so it cannot be graded. Run the workflow again; if you think this is wrong, ask your instructor.
submit-ci-rate-limited = The CI server asks me to slow down. Nothing was recorded: please try again at { $time }.
submit-ci-unavailable = The CI server does not answer just now. Nothing was recorded: please try again in a few minutes.
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
grade-missing-absent = Missing: `{ $file }`. The workflow must upload it.
grade-missing-unreadable = Unreadable: `{ $file }`. Check how the workflow writes it.
grade-findings = What the reports say
grade-more = … and { $count } more in the reports.
grade-read = What to read again
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
trust-advisory = ℹ️ Preliminary: not everything could be compared ({ $why }).
trust-review = 🔎 Your instructor will look at this run. The grade stands until then. What there is to look at:
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
trust-no-manifest = the practice has no list of given files
trust-tree-unknown = the files of the commit cannot be seen
trust-tree-truncated = the repository has more files than can be listed
trust-workflows-unknown = the CI server does not say which workflows were called
trust-twin = { $path } can hardly be told from the given { $given }: only by case or by characters that do not show
trust-submodule = { $path } is a repository of its own, so its files cannot be compared
trust-merge = the run tested a merge with another branch, whose files were not compared; a run of a push is compared whole
trust-own-machine = the job { $job } ran on a machine that is not the CI server’s own
trust-machines-unknown = the CI server does not say on which machines the jobs ran
trust-same-reports = the reports are the same, byte for byte, as those of another run
trust-same-files = all files are the same as those of another run
trust-workflow-open = the workflow is not among the given files
submit-event = Runs started by { $event } are not graded. Push a commit, wait for CI and hand in that run.

### What waits for an instructor.
review-title = To look at
review-empty = Nothing waits for your look.
review-head = { $count ->
    [one] One submission waits
   *[other] { $count } submissions wait
}, the oldest first. What there is to look at is listed; it says nothing about why.
review-entry = **{ $name }**, { $practice }: { $grade } ({ $percent }%) · [run]({ $link })
review-other-run = { $words } ([that run]({ $link }))
review-more = … and { $count } more.
review-how = `/grade set` with the same letter confirms a grade, another letter changes it; the member reads your reason.
review-kept = { $name }, { $practice }: { $grade } is confirmed. I tell the member.
review-set = { $name }, { $practice }: { $grade } instead of { $before }. I tell the member.
