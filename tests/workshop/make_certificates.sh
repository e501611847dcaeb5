# shellcheck shell=sh disable=SC2154,SC2086  # test_ca.sh sets begin, end, names, work; the constants are one word each
# The workshop's certificates, beyond those of tests/support/test_ca.sh, which reads this file at its end (its argument
# MORE) and explains the functions request, issue, authority, leaf, chained. Made at test time, never committed.
#
# Lifetimes: N-day-M is a certificate for N days with M days left. Names speak for the rest; remarks where they do not.
# authorities/ keeps the CAs, with their keys, for what is made of them later (OCSP responses).

hours() { date -u -d "@$(($(date +%s) + $1 * 3600))" +%Y%m%d%H%M%SZ; }
minutes() { date -u -d "@$(($(date +%s) + $1 * 60))" +%Y%m%d%H%M%SZ; }

# issuer NAME ISSUER BEGIN END KEY DIGEST EXTENSION...: a CA with these extensions
issuer() {
  request "$1" "$5" "Test CA $1"
  issuer_name=$1 issuer_issuer=$2 issuer_begin=$3 issuer_end=$4 issuer_digest=$6
  shift 6
  printf '%s\n' "$@" | issue "$issuer_name" "$issuer_issuer" "$issuer_begin" "$issuer_end" "$issuer_digest"
}

# special NAME ISSUER KEY COMMON_NAME EXTENSION...: a leaf with these extensions and no others, sent with its issuer
special() {
  request "$1" "$3" "$4"
  special_name=$1 special_issuer=$2
  shift 4
  printf '%s\n' "$@" | issue "$special_name" "$special_issuer" "$begin" "$end" sha256
  cat "$work/$special_name.crt" "$work/$special_issuer.crt" > "$special_name.pem"
}

# sent NAME LIKE CERTIFICATE...: the leaf (and key) of LIKE, sent in front of these certificates
sent() {
  cp "$2.key" "$1.key"
  sent_name=$1 sent_leaf=$work/$2.crt
  shift 2
  cat "$sent_leaf" > "$sent_name.pem"
  for each; do cat "$work/$each.crt" >> "$sent_name.pem"; done
}

is_ca="basicConstraints=critical,CA:TRUE"
signs="keyUsage=critical,keyCertSign,cRLSign"
san=subjectAltName=$names
server=extendedKeyUsage=serverAuth

# junk NAME NUMBER: a chain of that many certificates that are no CAs and have one key, the last signed by itself, in
# $work/NAME.chain from the first on; the first one's name and key may issue
junk() {
  request "$1" ec "Junk $1"
  echo basicConstraints=CA:FALSE > "$work/junk.extensions"
  : > "$work/$1.chain"
  junk_signer="-selfsign -keyfile $1.key"
  for each in $(seq "$2" -1 1); do
    quietly openssl ca -batch -notext -config "$work/openssl.cnf" -in "$work/$1.csr" -subj "/CN=Junk $each" \
      -out "$work/$1-$each.crt" -startdate $begin -enddate $end -md sha256 -extfile "$work/junk.extensions" $junk_signer
    cat "$work/$1-$each.crt" "$work/$1.chain" > "$work/$1.longer"
    mv "$work/$1.longer" "$work/$1.chain"
    junk_signer="-cert $work/$1-$each.crt -keyfile $1.key"
  done
  cp "$work/$1-1.crt" "$work/$1.crt"
}

# -- dates
chained ended-minutes-ago intermediate ec "$names" "$(day -30)" "$(minutes -5)"
chained 6-day-fresh intermediate ec "$names" "$(hours -1)" "$(hours 143)"
chained 6-day-4 intermediate ec "$names" "$(day -2)" "$(day 4)"
chained 6-day-1 intermediate ec "$names" "$(day -5)" "$(day 1)"
chained 5-day-fresh intermediate ec "$names" "$(hours -1)" "$(hours 119)"
chained 6-day-half intermediate ec "$names" "$(hours -132)" "$(hours 12)"
chained 47-day-20 intermediate ec "$names" "$(day -27)" "$(day 20)"
chained 47-day-10 intermediate ec "$names" "$(day -37)" "$(day 10)"
chained 47-day-5 intermediate ec "$names" "$(day -42)" "$(day 5)"
chained 90-day-30 intermediate ec "$names" "$(day -60)" "$(day 30)"
chained 90-day-20 intermediate ec "$names" "$(day -70)" "$(day 20)"
chained 90-day-5 intermediate ec "$names" "$(day -85)" "$(day 5)"
chained 10-year-22 intermediate ec "$names" "$(day -3630)" "$(day 22)"
chained 10-year-20 intermediate ec "$names" "$(day -3632)" "$(day 20)"

# -- names
chained ip-as-name intermediate ec DNS:127.0.0.1
chained idn intermediate ec DNS:xn--mller-kva.example.test
chained many-names intermediate ec \
  "$(seq -f 'DNS:host-%04g.a-rather-long-name.example.test' -s , 300),DNS:mail.example.test"
special hostile-names intermediate ec "$(printf 'a|b=1;2 <b>x<\\/b> \033[31m \302\205')" \
  "subjectAltName=DNS:mail.example.test,DNS:x|y=1;<i>,email:\"a b\"@example.test" "$server"

# -- chains
issuer ending-in-3-days root "$begin" "$(day 3)" ec sha256 $is_ca $signs
issuer future-ca root 20990101000000Z 21000101000000Z ec sha256 $is_ca $signs
issuer lower intermediate "$begin" "$end" ec sha256 $is_ca $signs
issuer constrained root "$begin" "$end" ec sha256 $is_ca $signs 'nameConstraints=critical,permitted;DNS:other.test'
issuer last-ca root "$begin" "$end" ec sha256 "$is_ca,pathlen:0" $signs
issuer below-last-ca last-ca "$begin" "$end" ec sha256 $is_ca $signs
issuer no-ca root "$begin" "$end" ec sha256 basicConstraints=critical,CA:FALSE
issuer small-ca root "$begin" "$end" rsa:1024 sha256 $is_ca $signs
issuer sha1-ca root "$begin" "$end" ec sha1 $is_ca $signs
issuer rsa-ca root "$begin" "$end" rsa:2048 sha256 $is_ca $signs  # ECDSA knows no MD5
cp "$work/root.csr" "$work/old-root.csr"
cp root.key old-root.key
printf '%s\n' $is_ca $signs | issue old-root - 20100101000000Z 20250101000000Z sha256
cp "$work/root.csr" "$work/cross-root.csr"
printf '%s\n' $is_ca $signs | issue cross-root other-root 20100101000000Z 20250101000000Z sha256

chained ending-in-3-days-above ending-in-3-days ec "$names"
chained future-intermediate future-ca ec "$names"
leaf two-levels lower ec "$names"
cat "$work/lower.crt" "$work/intermediate.crt" >> two-levels.pem
sent wrong-order two-levels intermediate lower
sent no-upper-intermediate two-levels lower
sent leaf-twice good good intermediate
sent root-sent good intermediate root
sent expired-root-sent good intermediate old-root     # the trusted root's name and key, another end
sent expired-cross-sent good intermediate cross-root  # the trusted root, signed by a foreign root; that ended
sent unrelated-sent good intermediate other-intermediate
sent unrelated-expired-sent good intermediate expired
chained constraints-violated constrained ec "$names"
leaf path-too-long below-last-ca ec "$names"
cat "$work/below-last-ca.crt" "$work/last-ca.crt" >> path-too-long.pem
chained issuer-is-no-ca no-ca ec "$names"
chained small-intermediate small-ca ec "$names"
chained sha1-intermediate sha1-ca ec "$names"
chained unknown-expired other-intermediate ec "$names" "$begin" 20250101000000Z

junk few-junk 3
leaf expired-above-few-junk few-junk ec "$names" "$begin" "$(day -5)"
cat "$work/few-junk.chain" >> expired-above-few-junk.pem
junk much-junk 70
leaf expired-above-much-junk much-junk ec "$names" "$begin" "$(day -5)"
cat "$work/much-junk.chain" >> expired-above-much-junk.pem
echo 'organizationName = optional' >> "$work/openssl.cnf"  # its last section says which parts of a name are kept
request comma-ca ec "Test CA/O=DigiCert, Inc."
printf '%s\n' $is_ca $signs | issue comma-ca root "$begin" "$end" sha256
chained comma-issuer comma-ca ec "$names"

# -- the leaf itself
special client-only intermediate ec mail.example.test "$san" extendedKeyUsage=clientAuth
special both-purposes intermediate ec mail.example.test "$san" extendedKeyUsage=serverAuth,clientAuth
special no-purpose intermediate ec mail.example.test "$san"
leaf self-signed-expired - ec "$names" "$begin" 20250101000000Z
chained md5-signed rsa-ca ec "$names" "$begin" "$end" md5
special rsa-4096 intermediate rsa:4096 mail.example.test "$san" "$server"
quietly openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime192v1 -nodes -keyout small-curve.key \
  -out "$work/small-curve.csr" -subj /CN=mail.example.test
printf '%s\n' "$san" "$server" | issue small-curve intermediate "$begin" "$end" sha256
cat "$work/small-curve.crt" "$work/intermediate.crt" > small-curve.pem

# -- what may sign no OCSP responses
special no-responder intermediate ec "No Responder" extendedKeyUsage=serverAuth

# -- parameters of the key exchange: RFC 5114's 1024 bits, ffdhe2048
quietly openssl genpkey -genparam -algorithm DHX -pkeyopt dh_rfc5114:1 -out dh-1024.params
quietly openssl genpkey -genparam -algorithm DH -pkeyopt group:ffdhe2048 -out dh-2048.params

mkdir authorities
for each in root intermediate lower other-root other-intermediate; do
  cp "$each.key" authorities/
  cp "$work/$each.crt" "authorities/$each.crt"
done
rm -f old-root.key cross-root.key ending-in-3-days.key future-ca.key lower.key constrained.key last-ca.key \
  below-last-ca.key no-ca.key small-ca.key sha1-ca.key rsa-ca.key few-junk.key much-junk.key \
  comma-ca.key
