#!/bin/sh
# The test CA: keys and certificates for every case that a TLS client has to judge. Made at build time, never committed.
#
#   sh test_ca.sh OUTPUT_DIR [MORE]
#
# MORE is the absolute path of a shell script that is read (sourced) at the end, while the CA keys are still there: it makes
# further certificates with the functions below.
#
# Makes OUTPUT_DIR/NAME.pem (what a server sends: leaf first, root never, but for self-signed) and OUTPUT_DIR/NAME.key:
#
#   good              imap.example.test, mail.example.test, localhost, 127.0.0.1, ::1; issued by the intermediate
#   good-rsa          the same with an RSA 2048 key
#   good-ed25519      the same with an Ed25519 key, its signature included (by ca-ed25519, directly below the root)
#   expired           ended on 2025-01-01
#   future            begins on 2099-01-01
#   ending            ends ten days after this script ran (began 80 days before): drifts with the build folder's age
#   wrong-name        other.example.test
#   wildcard          *.example.test
#   partial-wildcard  i*.example.test
#   ip-only           127.0.0.1 and ::1, no name
#   cn-only           common name imap.example.test, no subjectAltName
#   self-signed       good's names, its own issuer
#   no-intermediate   good without the intermediate
#   expired-intermediate  issued by an intermediate that ended on 2025-01-01
#   ending-intermediate   issued by an intermediate that ends eight days after this script ran
#   unknown           issued by another root, which is not sent
#   unknown-root-sent the same with that root sent
#   weak-key          RSA 1024
#   sha1-signed       signed with SHA-1
#   client            a client's certificate, probe@example.test
#   client-encrypted  the same; the key is encrypted with the password "secret"
#   must-staple       good's names, TLS feature status_request (RFC 7633)
#   ocsp-responder    may sign OCSP answers for the intermediate
#   ocsp-responder-expired  could until 2025-01-01
#   ocsp-responder-foreign  may sign them for another CA
#
# and OCSP answers, each from now for 27 years, signed by the intermediate:
#
#   ocsp-good.der     good and must-staple are good
#   ocsp-revoked.der  both were revoked on 2025-01-01, keyCompromise
#   ocsp-other.der    good-rsa is good
#   ocsp-sha256.der   good is good; its certificate is named by SHA-256
#
# and root.pem (the one trusted root), root-bundle.pem (with a second, unrelated root: a bundle), ca-hashed/ (root.pem in a
# hashed directory), other-root.pem. Dates are fixed and far away, so that a fake clock from 2020-01-02 on sees the same.
# Needs the openssl command (1.1.1 or newer). About half a second.
set -eu

[ $# -eq 1 ] || [ $# -eq 2 ] || { echo "usage: sh test_ca.sh OUTPUT_DIR [MORE]" >&2; exit 2; }
mkdir -p "$1"
cd "$1"
more=${2:-}
umask 077
work=.work
rm -rf "$work"
mkdir "$work"
trap 'rm -rf "$work"' EXIT

begin=20200101000000Z
end=20600101000000Z
names=DNS:imap.example.test,DNS:mail.example.test,DNS:localhost,IP:127.0.0.1,IP:::1

: > "$work/index"
cat > "$work/openssl.cnf" <<CONFIGURATION
[req]
distinguished_name = dn
[dn]
[ca]
default_ca = this
[this]
new_certs_dir = $work
database = $work/index
rand_serial = yes
unique_subject = no
policy = any
[any]
commonName = supplied
CONFIGURATION
# The system's own configuration (crypto policies) is none of ours: RHEL would refuse to sign with SHA-1.
OPENSSL_CONF=$PWD/$work/openssl.cnf
export OPENSSL_CONF

# quietly COMMAND...: its words only if it fails
quietly() {
  "$@" > "$work/log" 2>&1 && return
  cat "$work/log" >&2
  echo "test_ca.sh: failed: $*" >&2
  exit 1
}

# request NAME KEY COMMON_NAME: NAME.key and a certificate request
request() {
  case $2 in
    ec) set -- "$1" ec "$3" -pkeyopt ec_paramgen_curve:P-256 ;;
    *) set -- "$1" "$2" "$3" ;;
  esac
  name=$1 key=$2 common_name=$3
  shift 3
  quietly openssl req -new -newkey "$key" "$@" -nodes -keyout "$name.key" -out "$work/$name.csr" -subj "/CN=$common_name"
}

# issue NAME ISSUER BEGIN END DIGEST: certificate $work/NAME.crt, extensions from standard input; ISSUER "-": itself
issue() {
  cat > "$work/$1.extensions"
  if [ "$2" = - ]; then
    signer="-selfsign -keyfile $1.key"
  else
    signer="-cert $work/$2.crt -keyfile $2.key"
  fi
  # shellcheck disable=SC2086
  quietly openssl ca -batch -notext -config "$work/openssl.cnf" -in "$work/$1.csr" -out "$work/$1.crt" \
    -startdate "$3" -enddate "$4" -md "$5" -extfile "$work/$1.extensions" $signer
}

# authority NAME ISSUER END COMMON_NAME KEY DIGEST
authority() {
  request "$1" "$5" "$4"
  printf '%s\n' basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign,cRLSign subjectKeyIdentifier=hash |
    issue "$1" "$2" "$begin" "$3" "$6"
}

# leaf NAME ISSUER KEY SUBJECT_ALT_NAME [BEGIN [END [DIGEST]]]: NAME.pem is the leaf alone
leaf() {
  request "$1" "$3" imap.example.test
  {
    printf '%s\n' basicConstraints=CA:FALSE subjectKeyIdentifier=hash
    case $1 in
      client*) echo extendedKeyUsage=clientAuth ;;
      ocsp-*) echo extendedKeyUsage=OCSPSigning ;;
      must-staple) printf '%s\n' extendedKeyUsage=serverAuth tlsfeature=status_request ;;
      *) echo extendedKeyUsage=serverAuth ;;
    esac
    [ -z "$4" ] || echo "subjectAltName=$4"
  } | issue "$1" "$2" "${5:-$begin}" "${6:-$end}" "${7:-sha256}"
  cp "$work/$1.crt" "$1.pem"
}

# chained NAME ISSUER ...: the same, sent together with its issuer's certificate
chained() {
  leaf "$@"
  cat "$work/$2.crt" >> "$1.pem"
}

# staple NAME INDEX DIGEST LEAF...: NAME.der, what the intermediate's OCSP responder says by that index
staple() {
  name=$1 index=$2 digest=$3 asked=
  shift 3
  for each; do asked="$asked -cert $work/$each.crt"; done
  # shellcheck disable=SC2086
  quietly openssl ocsp -index "$work/$index" -CA "$work/intermediate.crt" -rsigner "$work/intermediate.crt" \
    -rkey intermediate.key -ndays 10000 -noverify -respout "$name.der" \
    "-$digest" -issuer "$work/intermediate.crt" $asked
}

# day OFFSET: a date so many days from now (GNU or busybox date)
day() { date -u -d "@$(($(date +%s) + $1 * 86400))" +%Y%m%d%H%M%SZ; }

authority root - "$end" "Test Root" ec sha256
authority intermediate root "$end" "Test Intermediate" ec sha256
authority faded root 20250101000000Z "Test Faded Intermediate" ec sha256
authority fading root "$(day 8)" "Test Fading Intermediate" ec sha256
authority ca-ed25519 root "$end" "Test Ed25519 Intermediate" ed25519 sha256
authority other-root - "$end" "Other Root" ec sha256
authority other-intermediate other-root "$end" "Other Intermediate" ec sha256

chained good intermediate ec "$names"
chained good-rsa intermediate rsa:2048 "$names"
chained good-ed25519 ca-ed25519 ed25519 "$names" "$begin" "$end" null
chained expired intermediate ec "$names" "$begin" 20250101000000Z
chained future intermediate ec "$names" 20990101000000Z 21000101000000Z
chained ending intermediate ec "$names" "$(day -80)" "$(day 10)"
chained wrong-name intermediate ec DNS:other.example.test
chained wildcard intermediate ec 'DNS:*.example.test'
chained partial-wildcard intermediate ec 'DNS:i*.example.test'
chained ip-only intermediate ec IP:127.0.0.1,IP:::1
chained cn-only intermediate ec ''
leaf self-signed - ec "$names"
leaf no-intermediate intermediate ec "$names"
chained expired-intermediate faded ec "$names"
chained ending-intermediate fading ec "$names"
chained unknown other-intermediate ec "$names"
leaf unknown-root-sent other-root ec "$names"
cat "$work/other-root.crt" >> unknown-root-sent.pem
chained weak-key intermediate rsa:1024 "$names"
chained sha1-signed intermediate ec "$names" "$begin" "$end" sha1
chained client intermediate ec email:probe@example.test
cp client.pem client-encrypted.pem
quietly openssl pkcs8 -topk8 -in client.key -out client-encrypted.key -passout pass:secret
chained must-staple intermediate ec "$names"
leaf ocsp-responder intermediate ec ''
leaf ocsp-responder-expired intermediate ec '' "$begin" 20250101000000Z
leaf ocsp-responder-foreign other-intermediate ec ''

awk -F '\t' -v OFS='\t' '{ $1 = "R"; $3 = "250101000000Z,keyCompromise"; print }' "$work/index" > "$work/index-revoked"
cp "$work/index.attr" "$work/index-revoked.attr"
staple ocsp-good index sha1 good must-staple
staple ocsp-revoked index-revoked sha1 good must-staple
staple ocsp-other index sha1 good-rsa
staple ocsp-sha256 index sha256 good

cp "$work/root.crt" root.pem
cp "$work/other-root.crt" other-root.pem
cat root.pem other-root.pem > root-bundle.pem
rm -rf ca-hashed
mkdir ca-hashed
cp root.pem "ca-hashed/$(openssl x509 -hash -noout -in root.pem).0"
# shellcheck source=/dev/null
[ -z "$more" ] || . "$more"
rm -f root.key intermediate.key faded.key fading.key ca-ed25519.key other-root.key other-intermediate.key
