#!/bin/sh
# secrets.sh HOST: make docker/secrets/ (keys, passwords, the authority and certificate of the search
# node, a self-signed certificate for HOST). What is there already is left as it is.
# As root: `sudo sh docker/secrets.sh hub.example`. Put a real certificate over tls.crt and tls.key.
set -eu
host=${1:?Cách dùng: secrets.sh TÊN-MIỀN}
folder=${HUB_SECRETS:-$(dirname "$0")/secrets}
umask 077
mkdir -p "$folder/elasticsearch"
cd "$folder"

# random FILE BYTES: a secret of letters and digits only, so that no format needs quoting.
random() {
  [ -s "$1" ] || openssl rand -hex "$2" >"$1"
}

random secret_key 40
random identifier_key 32
random postgres_password 24
random elastic_password 24
random search_password 24
[ -f email_password ] || : >email_password

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [ ! -s elasticsearch/node.crt ]; then
  openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days 3650 -subj "/CN=Hub search authority" \
    -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -keyout "$scratch/ca.key" -out elasticsearch/ca.crt 2>/dev/null
  openssl req -newkey rsa:3072 -nodes -subj "/CN=elasticsearch" \
    -keyout elasticsearch/node.key -out "$scratch/node.csr" 2>/dev/null
  printf 'subjectAltName=DNS:elasticsearch,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' >"$scratch/ext"
  openssl x509 -req -sha256 -days 3650 -in "$scratch/node.csr" -CA elasticsearch/ca.crt \
    -CAkey "$scratch/ca.key" -CAcreateserial -CAserial "$scratch/serial" -extfile "$scratch/ext" \
    -out elasticsearch/node.crt 2>/dev/null
fi
if [ ! -s tls.crt ]; then
  openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days 90 -subj "/CN=$host" \
    -addext "subjectAltName=DNS:$host" -keyout tls.key -out tls.crt 2>/dev/null
fi

# Containers see these files one by one, each under its own user; on this machine only whoever may
# enter the folder reads them.
chmod 444 ./*_key ./*_password tls.crt tls.key elasticsearch/*
chmod 755 elasticsearch
chmod 700 .
echo "Đã có đủ khóa trong $folder. Cất riêng một bản của identifier_key: mất nó thì không đọc lại được mã đã lưu." >&2
