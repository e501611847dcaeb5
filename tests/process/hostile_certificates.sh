# Certificates with too many names, and with names that lie: read by tests/support/test_ca.sh at its end (its argument
# MORE), which explains the functions request and issue.

# named NAME COMMON_NAME: a leaf with the names of standard input, one a line in OpenSSL's form ("DNS:a"); the escapes
# of OpenSSL's configuration count
named() {
  request "$1" ec "$2"
  {
    printf '%s\n' basicConstraints=CA:FALSE extendedKeyUsage=serverAuth subjectAltName=@names '[names]'
    awk -F: '{ print $1 "." NR " = " substr($0, length($1) + 2) }'
  } | issue "$1" intermediate "$begin" "$end" sha256
  cat "$work/$1.crt" "$work/intermediate.crt" > "$1.pem"
}

{ seq -f 'DNS:h%04.0f' 1 9999; echo DNS:mail.example.test; } | named ten-thousand-names mail.example.test
seq -f 'DNS:host-%05.0f.example.test' 1 9999 | named more-than-fits mail.example.test
{
  printf '%s\n' 'DNS:x|total=0s;1;2' 'DNS:a\nMAIL TLS OK - fine | x=1' 'DNS:b\r\n\t<b>\bz'
  printf 'DNS:esc\033[31m\302\205 \342\200\256 \377\n'
} | named lying-names 'MAIL TLS OK - fine | x=1'
