#!/bin/sh
# What a container runs: entry.sh web | worker | setup | any command of manage.py.
# The same lines serve without Docker: systemd and `make production-check` call this file too.
set -eu
cd "$(dirname "$0")/.."
PYTHONPATH=$PWD:$PWD/site${PYTHONPATH:+:$PYTHONPATH}
DJANGO_SETTINGS_MODULE=${DJANGO_SETTINGS_MODULE:-portal.settings.production}
export PYTHONPATH DJANGO_SETTINGS_MODULE

case ${1:-web} in
  web)
    exec gunicorn --config python:portal.gunicorn portal.wsgi
    ;;
  worker)
    exec python manage.py worker
    ;;
  setup)
    # After every upgrade, too: run again, it changes nothing an editor has touched.
    exec python manage.py setup --deploy
    ;;
  *)
    exec python manage.py "$@"
    ;;
esac
