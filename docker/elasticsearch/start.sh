#!/usr/bin/env bash
# Start the node with the password of its superuser from a file. The image's own way (a variable
# ending in _FILE) wants that file to belong to the container's user, which compose cannot promise.
set -euo pipefail
ELASTIC_PASSWORD=$(cat /run/secrets/elastic_password)
export ELASTIC_PASSWORD
exec /usr/local/bin/docker-entrypoint.sh eswrapper
