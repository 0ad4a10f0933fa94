### Regrading, and the history of a grade.
cmd-grade-dryrun = dryrun
cmd-grade-dryrun-about = What a changed rubric would change, without changing anything
cmd-grade-regrade = regrade
cmd-grade-regrade-about = Work stored submissions out again with the rubric as it is now
cmd-grade-regrade-member-about = Only this member
cmd-grade-history = history
cmd-grade-history-about = Every change of a grade: when, by whom and why

regrade-title = Grades by the rubric as it is now
regrade-would = By the rubric as it is now, { $up } would go up, { $down } would go down, { $stay } would stay. Nothing is changed yet: `/grade regrade` applies it.
regrade-would-nothing = Nothing would move. The same by the rubric as it is now: { $stay }.
regrade-done = Done: { $up } went up, { $down } went down, { $stay } stayed. { $told ->
    [one] I tell one member.
   *[other] I tell { $told } members.
}
regrade-done-nothing = Nothing moved. The same by the rubric as it is now: { $stay }.
regrade-set = Set by an instructor, so they stay: { $count }.
regrade-unknown = Cannot be worked out again, so they stay: { $count }. The rubric now asks for reports that these runs were not asked for, or the reports of an audit were not kept; ask for a new run or a new audit.
regrade-how = I work from the stored reports and what the CI server said of the run then; nothing is fetched anew.
regrade-entry = { $arrow } **{ $name }**, { $practice }: { $was } ({ $was_percent }%) → { $grade } ({ $percent }%) · `#{ $id }`
regrade-more = … and { $count } more.
regrade-told = The rubric changed, and I worked your grades out again from the reports you handed in. You need not do anything.
regrade-told-entry = **{ $practice }**: { $was } ({ $was_percent }%) → { $grade } ({ $percent }%)
regrade-told-next = If this looks wrong to you, ask your instructor. `/progress` shows where you are now.

history-title = { $practice }: every grade
history-head = Grades of <@{ $member }>, the newest first.
history-entry = `#{ $id }` { $time } · { $author }: { $mark } · { $trust } · [run]({ $link })
history-first = { $grade } ({ $percent }%)
history-moved = { $was } ({ $was_percent }%) → { $grade } ({ $percent }%)
history-reason = “{ $reason }”
history-regraded = worked out again by rubric version { $version }
history-regraded-by = worked out again by rubric version { $version }, asked for by <@{ $member }>
history-audit = an audit
history-due = worked out again because the due time was moved
history-more = … and { $count } older.
history-how = By the number after `#`, `docent export grade` writes down what a grade rests on, and `docent verify grade` works it out again.
history-verified = verified
history-advisory = preliminary
history-review = differs from what was given
history-refused = refused
history-unjudged = not compared
