# Read by the three commands beside this folder: finds a Python new enough, says how
# to get one if there is none, and hands over to scripts/stack/bootstrap.py.

cd "$(dirname "$0")/.." || exit 1

for python in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$python" -m scripts.stack.bootstrap "$@"
    fi
done
echo "✗ Python 3.11 or newer is needed and none was found. Debian 12 or Ubuntu 24.04:" \
    "apt install python3 python3-venv; elsewhere set PYTHON=/path/to/python3.11" >&2
exit 1
