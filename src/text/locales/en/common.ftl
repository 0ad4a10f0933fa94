### Words used everywhere, help, and what is said when something cannot be done.
questions = { $count ->
    [one] { $count } question
   *[other] { $count } questions
}
items = { $done } of { $total }
help-title = { $course }
help-body =
    I hand out lessons and quizzes, keep your checklist and grade your practice from its real CI reports. Begin with three things:
    { "" }**1.** `/lesson` opens a module: read it page by page.
    { "" }**2.** `/quiz` asks { $min } to { $max } questions; { $pass }% passes.
    { "" }**3.** `/submit` takes the link to your CI run and answers with a grade and what to read again.
    `/checklist` is yours to tick, and `/progress` tells what to do next. `/link` ties your CI account to you, so that nobody else can hand in your runs. What I answer is seen by you alone.
help-group = Practices can be handed in together: `/group` invites the others.
help-instructor = For instructors: `/report class` shows how the class is doing, `/grade review` which grades wait for your look. Grades and due times are yours to decide: type `/grade` and see.
fault = Something broke on my side, and nothing of yours is lost. Please try again in a minute; if it happens again, tell the person who runs the bot this code: `{ $id }`.
refused-not-instructor = Only instructors can do that. Your own progress is in `/progress`.
refused-no-module = There is no module “{ $name }”. Choose one from the list that `/lesson` shows while you type: { $known }.
refused-no-topic = There is no quiz on “{ $name }”. Choose one from the list that `/quiz` shows while you type: { $known }.
refused-no-part = There is no part “{ $name }” with a checklist. The course has: { $known }.
refused-no-practice = There is no practice “{ $name }”. The course has: { $known }.
refused-no-section = This section is no longer in the course. Open the module with `/lesson`.
refused-not-your-quiz = This quiz belongs to someone else. Start your own with `/quiz`.
refused-stale = This button is from an older version of the bot. Run the command again.
refused-unknown-command = This command is no longer here. Restart Discord (Ctrl+R) to see the current ones, or use `/help`.
refused-server-only = I work in a server’s channels. Open the server of your study group and run the command there.
refused-answer = That is not an answer to this question. Choose among the options shown, or type a short text.
refused-empty-quiz = The quiz on { $topic } has no questions yet. Ask your instructor when it will open.
refused-no-grade = There is no grade “{ $name }”. The course has: { $known }.
refused-no-audit = { $practice } cannot be audited: name the workflow under `audit` in the course, set GITHUB_DISPATCH_TOKEN, and take a run of GitHub.
refused-audit-waiting = This submission is being audited already; I write to whoever asked when it is done.
refused-nothing-graded = This member has no grade for { $practice } yet: they hand in a run with `/submit` first.
