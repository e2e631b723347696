#!/usr/bin/env bash
# Whether the node answers whoever knows the password, with every primary shard in its place.
set -euo pipefail
curl --silent --show-error --fail --output /dev/null --max-time 8 \
  --cacert /usr/share/elasticsearch/config/certs/ca.crt \
  --config <(printf 'user = "elastic:%s"\n' "$(cat /run/secrets/elastic_password)") \
  "https://localhost:9200/_cluster/health?wait_for_status=yellow&timeout=5s"
