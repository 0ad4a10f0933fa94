### Lessons, quizzes, checklists, progress and class reports.
lesson-page = { $module } · page { $page } of { $pages }
lesson-back = Back
lesson-next = Next
lesson-jump = Jump to a section
lesson-quiz = Take the quiz
lesson-enrolled = Welcome to the course! Your progress is kept from now on.

quiz-question = Question { $number } of { $total }
quiz-choose-one = Choose one.
quiz-choose-several = Choose all that apply.
quiz-choose-here = Your answer
quiz-type = Type a short answer with the button.
quiz-type-button = Answer
quiz-type-label = Your answer
quiz-resumed = You began this quiz before: it goes on where you stopped.
quiz-pass-mark = { $topic } · { $pass }% passes
quiz-passed = Passed: { $correct } of { $total } right ({ $percent }%).
quiz-failed = Not passed yet: { $correct } of { $total } right ({ $percent }%), and { $pass }% passes.
quiz-all-right = Every answer is right. Well done!
quiz-next-step = What comes next, `/progress` tells.
quiz-failed-step = Read the sections below again, then take the quiz anew: the questions will be drawn afresh.
quiz-wrong-title = What to look at again
quiz-your-answer = Your answer: { $answer }
quiz-right-answer = Right: { $answer }
quiz-read = Read: { $section }
quiz-more-wrong = … and { $count } more.
quiz-again = Take it again
quiz-read-section = Read a section again

checklist-title = Checklist { $part }
checklist-done = All done: { $done } of { $total }. Hand in the practice with `/submit`.
checklist-open = Done: { $done } of { $total }. Press an item to tick or untick it.

progress-title = Your progress
progress-next-lesson = Next: read { $module } with `/lesson`.
progress-next-quiz = Next: take the quiz { $topic } with `/quiz`.
progress-next-checklist = Next: finish the checklist { $part } with `/checklist`.
progress-next-practice = Next: hand in the practice { $practice } with `/submit`.
progress-next-waiting = Your CI run is still going: I will answer here when it is done.
progress-next-nothing = You have finished the course. Congratulations!
progress-lessons = Lessons
progress-quizzes = Quizzes
progress-checklist = Checklist
progress-practice = Practice
progress-none = none yet
progress-grade = { $practice }: **{ $grade }** ({ $percent }%)
progress-quiz-best = { $topic }: { $correct } of { $total }

class-empty = Nobody has begun the course yet. Tell your group to try `/lesson`.
class-answer = { $total ->
    [one] { $total } learner
   *[other] { $total } learners
}: { $finished } with every quiz passed, { $graded } with a graded practice, { $quiet } quiet for a week.
class-answer-page = Learners { $from } to { $to }:
class-attention = Look at first: { $names }.
class-name = Learner
class-quizzes = Quiz
class-checklist = List
class-seen = Seen
class-today = today
class-days = { $days } d
class-next = Next page
