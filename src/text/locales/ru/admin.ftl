### Очередь, для тех, кто ведёт курс.
cmd-admin = админ
cmd-admin-about = Присмотреть за Docent
cmd-admin-queue = очередь
cmd-admin-queue-about = Что ждёт оценки и от чего пришлось отказаться
cmd-admin-queue-retry = повторить
cmd-admin-queue-retry-about = Ещё раз попробовать то, от чего отказались
queue-counts = В очереди: ждут { $waiting }, выполняются { $running }.
queue-no-dead = Все задания в порядке: ни от одного не пришлось отказаться.
queue-dead = Не получилось после нескольких попыток: { $count }. Когда причина устранена, повторите их командой `/админ очередь повторить:True`.
queue-retried = Отправлено на повтор: { $count }.
