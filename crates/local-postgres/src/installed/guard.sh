# Runs Postgres for as long as the standard input stays open, then stops it and clears up.
# $1: the directory to remove after the owner; the rest: the command.
rubbish=$1
shift
exec 3<&0
"$@" 3<&- </dev/null >/dev/null &
postgres=$!
echo "$postgres"
exec >/dev/null

# The owner holds the other end of the pipe: the end of the file is the end of the owner,
# whether it stopped, crashed or was killed.
(
    while read -r _; do :; done
    kill -INT "$postgres"
    exit 0
) <&3 2>/dev/null &
watch=$!
exec 3<&-

trap 'kill -INT "$postgres"' HUP INT TERM
wait "$postgres"
code=$?
# A signal to this shell ends the wait before Postgres has ended.
while [ "$code" -gt 128 ] && kill -0 "$postgres" 2>/dev/null; do
    wait "$postgres"
    code=$?
done
# The watch ends by itself when the owner has gone. A living owner clears up itself, after it
# has read the log.
kill "$watch" 2>/dev/null
wait "$watch" 2>/dev/null && rm -rf "$rubbish" 2>/dev/null
exit "$code"
