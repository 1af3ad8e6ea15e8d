#!/bin/sh
# Writes the configuration that the settings ask for, and becomes nginx. It writes to TMPDIR only. With -t it only checks.
set -eu

HERE=$(cd "$(dirname "$0")" && pwd)
: "${API:=api:8000}" "${PORT:=8080}" "${TMPDIR:=/tmp}"
: "${MAX_IMAGE_BYTES:=20971520}" "${TRUSTED_PROXIES:=1}"
: "${REQUESTS_PER_SECOND:=50}" "${REQUESTS_AT_ONCE:=100}"
: "${CORS_ORIGINS:=}" "${UPLOADS:=24}" "${UPLOADS_PER_CLIENT:=8}" "${SLOW_SECONDS:=10}"

for setting in PORT MAX_IMAGE_BYTES TRUSTED_PROXIES REQUESTS_PER_SECOND REQUESTS_AT_ONCE UPLOADS UPLOADS_PER_CLIENT SLOW_SECONDS; do
  eval "value=\$$setting"
  case $value in
    '' | 0* | *[!0-9]*) echo "$setting is not a whole number above 0" >&2; exit 78 ;;
  esac
done
case $API in
  *[!A-Za-z0-9.:_-]*) echo 'API is not a host and a port' >&2; exit 78 ;;
esac

case $CORS_ORIGINS in
  *[!]A-Za-z0-9.:/_,[\ -]*) echo 'CORS_ORIGINS is not a list of origins' >&2; exit 78 ;;
esac

# As many bytes around an image as the API allows for multipart.
MAX_BODY_BYTES=$((MAX_IMAGE_BYTES + 65536))

# Where there are proxies before this one, they know how the client came, and from where: the first of them wrote what is
# followed by an entry of each other. Some write a port behind the address, and brackets around one of IPv6.
PROTO='$scheme' FORWARDED=''
if [ "$TRUSTED_PROXIES" -gt 1 ]; then
  PROTO='$http_x_forwarded_proto'
  address='(?:\d+\.){3}\d+|[\da-fA-F]*:[\da-fA-F:.]{1,40}'
  others="(?:,[^,]*){$((TRUSTED_PROXIES - 2))}"
  FORWARDED="'~(?:^|,)\s*\[?(?<forwarded>$address)\]?(?::\d+)?\s*$others\$' \$forwarded;"
fi

ORIGINS=$(echo "$CORS_ORIGINS" | tr ',' '\n' | awk '$1 ~ /^https?:/ { print $1, "$http_origin;" }' | sort -u)

# The API's address is asked for again and again: it changes when its container does.
RESOLVER=$(awk '$1 == "nameserver" { print ($2 ~ /:/ ? "[" $2 "]" : $2); exit }' /etc/resolv.conf)
: "${RESOLVER:=127.0.0.11}"

export HERE API PORT TMPDIR MAX_BODY_BYTES PROTO FORWARDED ORIGINS RESOLVER REQUESTS_PER_SECOND REQUESTS_AT_ONCE UPLOADS UPLOADS_PER_CLIENT SLOW_SECONDS
# Only these: what else looks like a variable is nginx's.
envsubst '$HERE $API $PORT $TMPDIR $MAX_BODY_BYTES $PROTO $FORWARDED $ORIGINS $RESOLVER $REQUESTS_PER_SECOND $REQUESTS_AT_ONCE $UPLOADS $UPLOADS_PER_CLIENT $SLOW_SECONDS' \
  <"$HERE/nginx.conf.template" >"$TMPDIR/nginx.conf"
exec nginx -e stderr -c "$TMPDIR/nginx.conf" "$@"
