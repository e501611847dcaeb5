#compdef check_mail_tls
# zsh completion for check_mail_tls, made from its option table

_check_mail_tls_label() {
  if compset -P '*='; then
    _message range
  else
    compadd -S '=' -- dns policy connect greeting ehlo capability starttls tls quit logout total cert_days chain_days lifetime_left
  fi
}

_check_mail_tls_finding() {
  if compset -P '*='; then
    compadd -- ok warning critical unknown
  else
    compadd -S '=' -- dns connect address-failed timeout connection-lost greeting protocol-error starttls-absent starttls-refused starttls-injected preauth plain-text-on-tls-port tls-on-plain-port tls-handshake old-protocol old-protocol-accepted no-forward-secrecy weak-signature no-secure-renegotiation weak-group weak-cipher anonymous-suite null-suite expired not-yet-valid name-mismatch self-signed missing-intermediate untrusted wrong-purpose weak-key weak-digest revoked staple-missing staple-stale staple-invalid key-type-absent chain-order surplus-certificate dane-mismatch dane-bogus dane-absent dane-insecure dane-unusable dane-unanswered dane-rollover dane-remote-resolver mx-invalid mx-null mta-sts-absent mta-sts-invalid mta-sts-unreachable mta-sts-unanswered mta-sts-mismatch mta-sts-none mta-sts-testing mta-sts-short-lived caa tls-rpt tls-required blocklisted policy permanent greylisted rate-limited temporary service-closing not-measured not-expected local deviation secret-file-readable transcript-failed
  fi
}

_arguments -s -S \
  '(-H --hostname)'{-H+,--hostname=}'[host name, IP address or Unix socket of the server]:HOST: ' \
  '(-p --port)'{-p+,--port=}'[default that of --protocol; or names the protocol]:PORT: ' \
  '(-4 --ipv4)'{-4,--ipv4}'[use IPv4 only]' \
  '(-6 --ipv6)'{-6,--ipv6}'[use IPv6 only]' \
  '--address=[connect there; the name checked is still HOST]:IP: ' \
  '--resolver=[ask this name server instead of the system'\''s]:ADDRESS\[\:PORT\]: ' \
  '(-t --timeout)'{-t+,--timeout=}'[time for the whole check (default 10)]:SECONDS: ' \
  '(-D --cert-days)'{-D+,--cert-days=}'[days that certificate and chain must be good for]:WARN\[,CRIT\]: ' \
  '*'{-w+,--warning=}'[warning outside; any label of the perfdata]:LABEL=RANGE:_check_mail_tls_label' \
  '*'{-c+,--critical=}'[critical outside; any label of the perfdata]:LABEL=RANGE:_check_mail_tls_label' \
  '*--result=[judge FINDING as ok, warning, critical or unknown]:FINDING=STATE:_check_mail_tls_finding' \
  '*'{-v,--verbose}'[more\: steps (-v), findings (-vv), dialogue (-vvv)]' \
  '--output=[plain (default), json or prometheus]:FORMAT:(plain json prometheus)' \
  '--perfdata=[only these labels, in plain output (default all)]:LABEL,...:_values -s , name dns policy connect greeting ehlo capability starttls tls quit logout total cert_days chain_days lifetime_left' \
  '*--prometheus-label=[one more label for --output prometheus]:NAME=VALUE: ' \
  '--transcript=[write the dialogue there, secrets masked]:FILE:_files' \
  '*--extra-opts=-[read options from an ini file]::\[SECTION\]\[@FILE\]:_files' \
  '(-h --help)'{-h,--help}'[print this and end]' \
  '(-V --version)'{-V,--version}'[print the version and end]' \
  '--protocol=[smtp, submission(s), lmtp, imap(s), pop3(s), smtps or sieve]:NAME:(smtp submission smtps submissions lmtp imap imaps pop3 pop3s sieve)' \
  '--helo=[name to greet with (default\: this machine'\''s)]:NAME: ' \
  '--mx=[look at every mail exchanger of DOMAIN, instead of HOST]:DOMAIN: ' \
  '--all-addresses[look at every address of the host; the worst decides]' \
  '--tls=[implicit or starttls (default\: by port)]:MODE:(implicit starttls)' \
  '(-S --require-tls)'{-S,--require-tls}'[encryption is required, mode by port (the default)]' \
  '(-s --ssl)'{-s,--ssl}'[the same as --tls implicit]' \
  '--ca-file=[trust the certificates in this PEM file only]:FILE:_files' \
  '--ca-path=[trust the certificates in this hashed folder only]:DIRECTORY:_files -/' \
  '--tls-min-version=[1.0 to 1.3\: anything older is a finding (default 1.2)]:VERSION:(1.0 1.1 1.2 1.3)' \
  '--sni=[server name to ask for (default\: HOST)]:NAME: ' \
  '*--verify-name=[name in the certificate (default\: HOST); any of several]:NAME: ' \
  '--client-cert=[show this certificate (PEM, with its chain)]:FILE:_files' \
  '--client-key=[its private key, if not in the same file]:FILE:_files' \
  '--client-key-password-file=[the key'\''s pass phrase]:FILE:_files' \
  '--no-sni[do not tell the server which name is meant]' \
  '--old-protocols[also try whether TLS 1.0 and 1.1 are accepted]' \
  '--allow-self-signed[accept a self-signed one; name and dates still count]' \
  '*--pin-sha256=[the key'\''s SHA-256, base64 or hex; any of several]:DIGEST: ' \
  '*--fingerprint=[the certificate'\''s SHA-256 in hex; any of several]:DIGEST: ' \
  '--issuer=[must occur in the name of the certificate'\''s issuer]:TEXT: ' \
  '--key-type=[ask for the certificate with this key\: rsa, ecdsa, ed25519]:TYPE:(rsa ecdsa ed25519)' \
  '--both-key-types[look at the RSA and at the ECDSA certificate]' \
  '--require-staple[a good OCSP staple must come with it]' \
  '--dane=-[match TLSA records; if-present\: none is fine, too]::if-present:(if-present)' \
  '--mta-sts=[judge DOMAIN'\''s MTA-STS policy, and the host by it]:DOMAIN: '
