### Сдача практики и оценки.
submit-waiting = Принято: запуск `{ $repository }` ещё идёт. Отвечу, когда он закончится; ждать здесь не нужно.
submit-later = Принято: запуск `{ $repository }` записан. Сервер CI сейчас отвечает медленно, оценка придёт, как только я получу отчёты.
submit-not-a-link = Это не ссылка на запуск CI. Откройте свой репозиторий, затем Actions (в GitLab — Pipelines), затем запуск, и скопируйте адрес: он похож на `https://github.com/you/project/actions/runs/123`.
submit-other-host = Я не читаю запуски на `{ $host }`. Вставьте ссылку с { $known }.
submit-not-a-run = Эта ссылка ведёт не на запуск CI. Откройте в репозитории Actions, выберите запуск и скопируйте его адрес.
submit-unsafe = По таким ссылкам я не хожу. Скопируйте адрес запуска из браузера: без порта, имени пользователя и пароля.
submit-taken = Этот запуск уже сдал другой участник. Сдайте запуск из своего репозитория.
submit-repeated = Этот запуск вы уже сдавали: { $practice }, оценка { $grade } ({ $percent } %). Чтобы улучшить оценку, сдайте новый запуск.
submit-repeated-waiting = Этот запуск вы уже сдали, оценка скоро придёт.
submit-cancelled = Запуск отменили до конца, оценивать нечего. Запустите его заново и сдайте новый запуск.
submit-no-reports = Запуск не выгрузил ни одного отчёта практики ({ $expected }). Проверьте шаг выгрузки в workflow, отправьте исправление и сдайте новый запуск.
submit-ci-not-found = Такого запуска нет, или он мне не виден. Проверьте ссылку; если репозиторий закрытый, попросите преподавателя дать боту доступ.
submit-ci-forbidden = Мне нельзя читать этот запуск. Попросите того, кто запускает бота, дать его токену доступ к `{ $repository }`.
submit-ci-unauthorized = У меня нет действующего токена, чтобы читать отчёты. Попросите того, кто запускает бота, задать `GITHUB_TOKEN`; ничего не записано.
submit-ci-expired = Срок хранения отчётов этого запуска истёк. Запустите workflow заново и сдайте новый запуск.
submit-ci-too-large = Отчёты этого запуска слишком велики. Выгружайте только условленные файлы и сдайте новый запуск.
submit-ci-malformed = Отчёты этого запуска не читаются. Проверьте, что выгружает workflow, и сдайте новый запуск.
submit-ci-forged = Отчёты этого запуска не совпадают с тем, что записал сервер CI, поэтому оценить его нельзя. Запустите workflow заново; если это ошибка, обратитесь к преподавателю.
submit-ci-rate-limited = Сервер CI просит меня не спешить. Ничего не записано: попробуйте ещё раз в { $time }.
submit-ci-unavailable = Сервер CI сейчас не отвечает. Ничего не записано: попробуйте ещё раз через несколько минут.
submit-failed-later = Не удалось оценить запуск `{ $repository }`: { $why }

grade-title = { $practice }: { $grade } · { $percent } %
grade-s = Всё в порядке. Отличная работа!
grade-criterion = { $title }: −{ $points }
grade-criterion-untested = { $title }: −{ $points }, потому что покрытие считается только при зелёных тестах
grade-points = { $points ->
    [one] { $points } балл
    [few] { $points } балла
   *[many] { $points } баллов
}
grade-gate = Не выполнено «{ $title }»: пока так, балл не выше { $cap } %.
grade-missing-absent = Нет файла `{ $file }`. Его должен выгружать workflow.
grade-missing-unreadable = Файл `{ $file }` не читается. Проверьте, как его пишет workflow.
grade-findings = Что говорят отчёты
grade-more = … и ещё { $count } в отчётах.
grade-read = Что перечитать
grade-pointer = **{ $section }**: { $advice }
grade-run = Запуск { $run }, попытка { $attempt }, коммит { $commit }
grade-open-section = Открыть раздел
grade-tests = { $tool }: прошло { $passed }
grade-failed = упало { $count }
grade-errors = ошибок { $count }
grade-skipped = пропущено { $count }
grade-flaky = прошло только с повтора: { $flaky }
grade-clean = чисто: { $tools }
grade-lint = { $tool }: { $findings ->
    [one] { $findings } замечание
    [few] { $findings } замечания
   *[many] { $findings } замечаний
}
grade-coverage = покрытие { $side }: { $percent } % строк
grade-no-tests = ни один тест не запустился
grade-not-run-missing = тест не запускался: в отчёте его нет
grade-not-run-skipped = тест пропущен
grade-not-run-repeated = тест встречается в отчёте несколько раз
grade-numbers = Отчёты
grade-next-better = Исправьте, дождитесь CI и сдайте новый запуск командой `/сдать`: засчитывается лучшая оценка.
grade-ready-in-server = <@{ $member }>, практика оценена. Результат — в `/прогресс`; откройте личные сообщения, чтобы получать подробности туда.

### Насколько запуску можно верить. Слова никого не обвиняют: только говорят, что с чем сверено.
trust-verified = ✅ Проверено: выданные файлы на месте и не изменены.
trust-advisory = ℹ️ Предварительно: сверить удалось не всё ({ $why }).
trust-review = 🔎 На этот запуск посмотрит преподаватель. До тех пор оценка в силе. На что он посмотрит:
trust-set = ✅ Оценку поставил преподаватель: { $reason }
trust-more = и ещё { $count }
trust-event = запуск начат событием { $event }
trust-changed = { $path } изменён
trust-gone = { $path } отсутствует
trust-added = { $path } появился в папке, которая остаётся как выдана
trust-forbidden = { $path } появился и влияет на запуск тестов
trust-workflow = запуск не вызвал { $workflow }
trust-workflow-commit = проверяющий workflow вызван с коммита { $sha }, а не с условленного
trust-tests = все тесты зелёные, но части выданных среди них нет: { $count }
trust-no-manifest = у практики нет списка выданных файлов
trust-tree-unknown = файлы коммита мне не видны
trust-tree-truncated = в репозитории больше файлов, чем удаётся перечислить
trust-workflows-unknown = сервер CI не говорит, какие workflow вызваны
trust-twin = { $path } почти не отличить от выданного { $given }: разница только в регистре или невидимых символах
trust-submodule = { $path } — отдельный репозиторий, и сверить его файлы нельзя
trust-merge = запуск проверял слияние с другой веткой, файлы которой не сверены; запуск после push сверяется целиком
trust-own-machine = задание { $job } выполнено не на машине самого сервера CI
trust-machines-unknown = сервер CI не говорит, на каких машинах выполнены задания
trust-same-reports = отчёты байт в байт те же, что у другого запуска
trust-same-files = все файлы те же, что у другого запуска
trust-workflow-open = workflow не входит в выданные файлы
submit-event = Запуски, начатые событием { $event }, не оцениваются. Отправьте коммит, дождитесь CI и сдайте тот запуск.

### Что ждёт преподавателя.
review-title = На проверку
review-empty = Сейчас ничего не ждёт вашей проверки.
review-head = { $count ->
    [one] Ждёт { $count } работа
    [few] Ждут { $count } работы
   *[many] Ждут { $count } работ
}, самые давние сверху. Перечислено, на что посмотреть; о причинах это не говорит.
review-entry = **{ $name }**, { $practice }: { $grade } ({ $percent } %) · [запуск]({ $link })
review-other-run = { $words } ([тот запуск]({ $link }))
review-more = … и ещё { $count }.
review-how = `/оценка поставить` с той же буквой подтверждает оценку, с другой меняет; причину прочтёт участник.
review-kept = { $name }, { $practice }: оценка { $grade } подтверждена. Участнику сообщу.
review-set = { $name }, { $practice }: { $grade } вместо { $before }. Участнику сообщу.
