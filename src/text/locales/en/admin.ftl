### The queue, for those who run the course.
cmd-admin = admin
cmd-admin-about = Look after Docent
cmd-admin-queue = queue
cmd-admin-queue-about = What waits to be graded, and what was given up
cmd-admin-queue-retry = retry
cmd-admin-queue-retry-about = Try the jobs that were given up once more
queue-counts = In the queue: { $waiting } waiting, { $running } being done.
queue-no-dead = No job was given up.
queue-dead = Given up after several tries: { $count }. When the cause is mended, `/admin queue retry:True` tries them once more.
queue-retried = Sent to be tried once more: { $count }.
