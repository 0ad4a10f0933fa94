### Пересчёт оценок и их история.
cmd-grade-dryrun = проба
cmd-grade-dryrun-about = Что изменит новая рубрика, ничего не меняя
cmd-grade-regrade = пересчёт
cmd-grade-regrade-about = Пересчитать сданные работы по нынешней рубрике
cmd-grade-regrade-member-about = Только у этого участника
cmd-grade-history = история
cmd-grade-history-about = Все изменения оценки: когда, кем и почему

regrade-title = Оценки по нынешней рубрике
regrade-would = По нынешней рубрике поднимется оценок: { $up }, опустится: { $down }, останется как есть: { $stay }. Пока ничего не изменено: применит `/оценка пересчёт`.
regrade-would-nothing = Ничего не изменится: по нынешней рубрике остаётся как есть оценок: { $stay }.
regrade-done = Готово. Поднялось оценок: { $up }, опустилось: { $down }, осталось как есть: { $stay }. { $told ->
    [one] Сообщу { $told } участнику.
    [few] Сообщу { $told } участникам.
   *[many] Сообщу { $told } участникам.
}
regrade-done-nothing = Ничего не изменилось: по нынешней рубрике остаётся как есть оценок: { $stay }.
regrade-set = Поставлены преподавателем и поэтому остаются: { $count }.
regrade-unknown = Пересчитать нельзя, поэтому остаются: { $count }. Рубрика теперь ждёт отчётов, которых от этих запусков не требовали, или отчёты перепроверки не сохранились; попросите сдать новый запуск или запустите перепроверку заново.
regrade-how = Считаю по сохранённым отчётам и тому, что сервер CI сказал о запуске тогда; заново ничего не запрашиваю.
regrade-entry = { $arrow } **{ $name }**, { $practice }: { $was } ({ $was_percent } %) → { $grade } ({ $percent } %) · `#{ $id }`
regrade-more = … и ещё { $count }.
regrade-told = Рубрика изменилась, и я пересчитал ваши оценки по уже сданным отчётам. Делать ничего не нужно.
regrade-told-entry = **{ $practice }**: { $was } ({ $was_percent } %) → { $grade } ({ $percent } %)
regrade-told-next = Если что-то кажется неверным, спросите преподавателя. Где вы сейчас, покажет `/прогресс`.

history-title = { $practice }: все оценки
history-head = Оценки <@{ $member }>, новые сверху.
history-entry = `#{ $id }` { $time } · { $author }: { $mark } · { $trust } · [запуск]({ $link })
history-first = { $grade } ({ $percent } %)
history-moved = { $was } ({ $was_percent } %) → { $grade } ({ $percent } %)
history-reason = «{ $reason }»
history-regraded = пересчитано по рубрике версии { $version }
history-regraded-by = пересчитано по рубрике версии { $version } по просьбе <@{ $member }>
history-audit = перепроверка
history-due = пересчитано, потому что изменился срок
history-more = … и ещё { $count }, более ранние.
history-how = По номеру после `#` команда `docent export grade` запишет, на чём держится оценка, а `docent verify grade` посчитает её заново.
history-verified = проверено
history-advisory = предварительно
history-review = отличается от выданного
history-refused = не принято
history-unjudged = не сверялось
