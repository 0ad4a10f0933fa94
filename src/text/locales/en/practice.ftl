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
grade-lost = Cost you points, the most expensive first:
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
