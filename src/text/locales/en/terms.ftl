### When and how often a practice is handed in.
terms-due = Due { $time }, { $distance }.
terms-due-extended = Due { $time }, { $distance }: your instructor gave you more time.
terms-attempts = Attempts left: { $left } of { $of }.
terms-attempts-next = Attempts left: { $left } of { $of }; one more comes { $next }.
terms-not-open = This practice takes runs made from { $time } on. Push a commit after that, wait for CI and hand in the new run.
terms-closed = This practice closed at { $time }, before this run was made. If something kept you, ask your instructor for more time.
terms-no-attempts = You have used all attempts of this practice. If you need one more, ask your instructor.
terms-no-attempts-yet = No attempts are left just now: the next one comes at { $time }, { $distance }. Nothing was recorded; hand in this run or a better one then.
terms-not-open-later = it was made before the practice opened. `/progress` says what is due; push a commit and hand in the new run.
terms-closed-later = it was made after the practice closed. If something kept you, ask your instructor for more time.
terms-no-attempts-later = no attempts were left. `/progress` says when the next one comes; this one cost none.
terms-no-due = { $practice } has no due time here yet. Set one with `/grade due`, then extend it.
terms-no-time = Say until when: give `days`, or `until` such as 2026-12-01 18:00.
terms-bad-time = { $text } is not a time I can read. Write 2026-12-01 18:00 in UTC, 2026-12-01T18:00+03:00, or pick a time with @time.
terms-not-later = It is due at { $time } now. Give a later time.
terms-no-person = Bots hand nothing in. Choose a member of this server.
terms-extended = { $name }, { $practice }: due { $time }, { $distance }. I tell the member.
terms-set = { $practice }: due { $time }, { $distance }, for this server.
terms-removed = { $practice }: this server’s own due time is removed. The course’s counts again: due { $time }, { $distance }.
terms-removed-undue = { $practice }: this server’s own due time is removed. The course names none, so nothing is late any more.
terms-nothing-to-remove = This server has no due time of its own for { $practice }. Set one with `until`, or leave it to the course.
terms-set-or-remove = Give one of the two: `until`, such as 2026-12-01 18:00, or `remove:True`.
terms-raised = { $count ->
    [one] { $count } grade was worked out anew and went up
   *[other] { $count } grades were worked out anew and went up
}; I tell those it belongs to.
news-extended = You have more time for { $practice }: it is due { $time }, { $distance }.
news-reason = Your instructor’s reason: { $reason }
news-due-moved = { $practice } is due later now: { $time }, { $distance }.
news-due-removed = { $practice } has no due time any more, so nothing is taken for lateness.
news-raised = { $count ->
    [one] { $count } grade of yours was worked out anew and went up
   *[other] { $count } grades of yours were worked out anew and went up
}: see `/progress`.
news-grouped = Your instructor changed your group: you hand in { $practice } with this group now: { $names }. What one of you hands in counts for all, and the attempts are shared.
news-ungrouped = Your instructor changed your group: you hand in { $practice } alone now. What was handed in until now still counts for you.
news-in-server = <@{ $member }>, I have news about your practice. Open your direct messages to get it; when things are due is in `/progress`.
grade-late = ⏰ Late by { $days ->
    [one] { $days } started day
   *[other] { $days } started days
}: −{ $points }.
grade-late-free = ⏰ Late by { $days ->
    [one] { $days } started day
   *[other] { $days } started days
}; no points are taken.
grade-late-grace = ⏰ After the due time, within the grace period: no points are taken.
grade-next-last = Push a fix, wait for CI and hand in the new run with `/submit`: the grade handed in last counts.
progress-terms = Due
