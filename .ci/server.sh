# Shared by the start scripts of the test servers (sourced, bash): folders, users, ports.
# A server lives in one temporary folder named by its kind and port: log, data, process id.
# shellcheck shell=bash

# The folder of the server behind an address like http://127.0.0.1:9200 or postgres://u:p@127.0.0.1:5432/hub.
folder_of() {
  local base=${TMPDIR:-/tmp} port=${1##*127.0.0.1:}
  # Root's own temporary folder may be closed to the server's user.
  [ "$(id -u)" != 0 ] || base=/tmp
  echo "$base/hub-$kind-${port%%/*}"
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Run a command in the server's folder, as the server's own user when we are root.
as_server() {
  if [ "$(id -u)" = 0 ]; then
    (cd "$folder" && exec setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups \
      env HOME="$folder" TMPDIR="$folder" "$@")
  else
    (cd "$folder" && exec "$@")
  fi
}

# Make the server's folder, owned by its user; fails when somebody else made it.
make_folder() {
  mkdir -m 700 "$folder" || exit 1
  if [ "$(id -u)" = 0 ]; then
    if ! id "$user" >/dev/null 2>&1; then
      useradd --system --no-create-home --shell /usr/sbin/nologin "$user" >&2
    fi
    chown "$user" "$folder"
  fi
}

# A link is something, wherever it leads.
exists() { [ -e "$folder" ] || [ -L "$folder" ]; }

# Stop unless an earlier start of ours made the folder: anybody may make one of that name in a shared /tmp,
# and what stands in it is run.
insist_ours() {
  if [ -d "$folder" ] && [ ! -L "$folder" ]; then
    if [ "$(id -u)" = 0 ]; then
      [ "$(stat -c %U "$folder")" != "$user" ] || return 0
    else
      [ ! -O "$folder" ] || return 0
    fi
  fi
  echo "$folder không phải do lệnh này tạo ra; hãy xem rồi xóa nó." >&2
  exit 1
}

# Choose port and folder: those of the port that is named, else a free port whose folder nobody has made.
# A folder that is there already is the data to start on; fresh says that it is not.
choose() {
  port=$1 fresh=
  if [ -n "$port" ]; then
    folder=$(folder_of "http://127.0.0.1:$port")
    if exists; then
      insist_ours
      return
    fi
  else
    port=$(free_port) folder=$(folder_of "http://127.0.0.1:$port")
    while exists; do
      port=$(free_port) folder=$(folder_of "http://127.0.0.1:$port")
    done
  fi
  fresh=1
  make_folder
}

# Is the process still at work? A killed one may linger as a zombie until its parent looks.
alive() {
  kill -0 "$1" 2>/dev/null && ! grep -qs '^State:.*Z' "/proc/$1/status"
}

# A missing server is a failure where services are required; elsewhere its tests are skipped.
missing() {
  echo "$1" >&2
  if [ "${REQUIRE_SERVICES:-}" = 1 ]; then
    exit 1
  fi
  echo "$2" >&2
  exit 0
}

# start [ADDRESS] | stop ADDRESS | run (in the foreground until Ctrl-C).
main() {
  local address=${2:-}
  case ${1:-} in
    start) start "$address" ;;
    stop)
      [ -n "$address" ] || { echo "Cách dùng: $0 stop ĐỊA-CHỈ" >&2; exit 2; }
      folder=$(folder_of "$address")
      exists || exit 0
      insist_ours
      stop
      ;;
    run)
      address=$(start "")
      [ -n "$address" ] || exit 0
      folder=$(folder_of "$address")
      trap stop EXIT
      trap 'exit 0' INT TERM
      echo "$address"
      echo "Nhật ký: $folder/log. Ctrl-C để dừng." >&2
      sleep infinity &
      wait $!
      ;;
    *)
      echo "Cách dùng: $0 start [ĐỊA-CHỈ] | stop ĐỊA-CHỈ | run" >&2
      exit 2
      ;;
  esac
}
