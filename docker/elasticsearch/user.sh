#!/usr/bin/env bash
# Give the hub a user that may do everything to the indices hub and hub-*, and see the cluster's health.
set -euo pipefail
node=${ELASTICSEARCH_NODE:-https://elasticsearch:9200}
secrets=${HUB_SECRETS:-/run/secrets}

put() {
  curl --silent --show-error --fail-with-body --max-time 30 --output /dev/null --cacert "$secrets/search_ca" \
    --config <(printf 'user = "elastic:%s"\n' "$(cat "$secrets/elastic_password")") \
    --header "Content-Type: application/json" --request PUT --data @- "$node/$1"
}

put _security/role/hub <<'JSON'
{
  "cluster": ["monitor"],
  "indices": [{"names": ["hub", "hub-*"], "privileges": ["all"], "allow_restricted_indices": false}]
}
JSON
put _security/user/hub <<JSON
{"password": "$(cat "$secrets/search_password")", "roles": ["hub"], "full_name": "Hub"}
JSON
echo "Người dùng hub của Elasticsearch đã sẵn sàng."
