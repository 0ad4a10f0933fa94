### Уроки, квизы, чек-листы, прогресс и отчёты по классу.
lesson-page = { $module } · страница { $page } из { $pages }
lesson-back = Назад
lesson-next = Дальше
lesson-jump = Перейти к разделу
lesson-quiz = Пройти квиз
lesson-enrolled = Добро пожаловать на курс! С этой минуты ваш прогресс сохраняется.

quiz-question = Вопрос { $number } из { $total }
quiz-choose-one = Выберите один вариант.
quiz-choose-several = Выберите все подходящие варианты.
quiz-choose-here = Ваш ответ
quiz-type = Введите короткий ответ по кнопке.
quiz-type-button = Ответить
quiz-type-label = Ваш ответ
quiz-resumed = Вы начали этот квиз раньше: продолжаем с того же места.
quiz-pass-mark = { $topic } · порог { $pass } %
quiz-passed = Сдано: верно { $correct } из { $total } ({ $percent } %).
quiz-failed = Пока не сдано: верно { $correct } из { $total } ({ $percent } %), а порог — { $pass } %.
quiz-all-right = Все ответы верны. Отличная работа!
quiz-next-step = Что делать дальше, подскажет `/прогресс`.
quiz-failed-step = Перечитайте разделы ниже и пройдите квиз заново: вопросы будут другими.
quiz-wrong-title = На что посмотреть ещё раз
quiz-your-answer = Ваш ответ: { $answer }
quiz-right-answer = Верно: { $answer }
quiz-read = Читать: { $section }
quiz-more-wrong = … и ещё { $count }.
quiz-again = Пройти ещё раз
quiz-read-section = Перечитать раздел

checklist-title = Чек-лист { $part }
checklist-done = Всё отмечено: { $done } из { $total }. Сдайте практику командой `/сдать`.
checklist-open = Отмечено: { $done } из { $total }. Нажмите на пункт, чтобы отметить его или снять отметку.

progress-title = Ваш прогресс
progress-next-lesson = Дальше: прочитайте { $module } командой `/урок`.
progress-next-quiz = Дальше: пройдите квиз { $topic } командой `/квиз`.
progress-next-checklist = Дальше: закончите чек-лист { $part } командой `/чек-лист`.
progress-next-practice = Дальше: сдайте практику { $practice } командой `/сдать`.
progress-next-waiting = Ваш запуск CI ещё идёт: я отвечу, когда он закончится.
progress-next-nothing = Вы прошли курс. Поздравляю!
progress-lessons = Уроки
progress-quizzes = Квизы
progress-checklist = Чек-лист
progress-practice = Практика
progress-none = пока ничего
progress-grade = { $practice }: **{ $grade }** ({ $percent } %)
progress-quiz-best = { $topic }: { $correct } из { $total }

class-empty = Курс ещё никто не начал. Предложите группе попробовать `/урок`.
class-answer = { $total ->
    [one] { $total } участник
    [few] { $total } участника
   *[many] { $total } участников
}: все квизы сдали — { $finished }, практика оценена — { $graded }, неделю молчат — { $quiet }.
class-answer-page = Участники с { $from } по { $to }:
class-attention = Посмотрите прежде всего: { $names }.
class-name = Участник
class-quizzes = Квизы
class-checklist = Пункты
class-seen = Был(а)
class-today = сегодня
class-days = { $days } дн.
class-next = Следующая страница
