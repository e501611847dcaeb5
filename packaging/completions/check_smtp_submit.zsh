#compdef check_smtp_submit
# zsh completion for check_smtp_submit, made from its option table

_check_smtp_submit_label() {
  if compset -P '*='; then
    _message range
  else
    compadd -S '=' -- dns connect greeting ehlo starttls tls auth mail rcpt rset body data quit total cert_days chain_days
  fi
}

_check_smtp_submit_finding() {
  if compset -P '*='; then
    compadd -- ok warning critical unknown
  else
    compadd -S '=' -- dns connect address-failed timeout connection-lost greeting protocol-error starttls-absent starttls-refused starttls-injected plain-text-on-tls-port tls-on-plain-port tls-handshake old-protocol expired not-yet-valid name-mismatch self-signed missing-intermediate untrusted wrong-purpose weak-key weak-digest unverified plaintext-auth-refused tls-required no-mechanism auth-failed auth-unavailable open-relay relay-denied blocklisted unknown-recipient mailbox-full too-large content-rejected policy permanent greylisted rate-limited temporary service-closing delivery-unknown not-measured not-expected local deviation secret-file-readable transcript-failed
  fi
}

_arguments -s -S \
  '(-H --hostname)'{-H+,--hostname=}'[host name, IP address or Unix socket of the server]:HOST: ' \
  '(-p --port)'{-p+,--port=}'[default 587, 465 with --tls implicit, 24 with --lmtp]:PORT: ' \
  '(-4 --ipv4)'{-4,--ipv4}'[use IPv4 only]' \
  '(-6 --ipv6)'{-6,--ipv6}'[use IPv6 only]' \
  '--address=[connect there; the name checked is still HOST]:IP: ' \
  '--resolver=[ask this name server instead of the system'\''s]:ADDRESS\[\:PORT\]: ' \
  '(-t --timeout)'{-t+,--timeout=}'[time for the whole check (default 10)]:SECONDS: ' \
  '(-D --cert-days)'{-D+,--cert-days=}'[days that certificate and chain must be good for]:WARN\[,CRIT\]: ' \
  '*'{-w+,--warning=}'[warning outside; any label of the perfdata, default total]:\[LABEL=\]RANGE:_check_smtp_submit_label' \
  '*'{-c+,--critical=}'[critical outside; any label of the perfdata, default total]:\[LABEL=\]RANGE:_check_smtp_submit_label' \
  '*--result=[judge FINDING as ok, warning, critical or unknown]:FINDING=STATE:_check_smtp_submit_finding' \
  '*'{-v,--verbose}'[more\: steps (-v), findings (-vv), dialogue (-vvv)]' \
  '--output=[plain (default), json or prometheus]:FORMAT:(plain json prometheus)' \
  '--perfdata=[only these labels, in plain output (default all)]:LABEL,...:_values -s , name dns connect greeting ehlo starttls tls auth mail rcpt rset body data quit total cert_days chain_days' \
  '*--prometheus-label=[one more label for --output prometheus]:NAME=VALUE: ' \
  '--transcript=[write the dialogue there, secrets masked]:FILE:_files' \
  '*--extra-opts=-[read options from an ini file]::\[SECTION\]\[@FILE\]:_files' \
  '(-h --help)'{-h,--help}'[print this and end]' \
  '(-V --version)'{-V,--version}'[print the version and end]' \
  '--tls=[implicit, starttls or none (default\: by port)]:MODE:(implicit starttls none)' \
  '(-S --require-tls)'{-S,--require-tls}'[encryption is required, mode by port (the default)]' \
  '(-s --ssl)'{-s,--ssl}'[the same as --tls implicit]' \
  '--ca-file=[trust the certificates in this PEM file only]:FILE:_files' \
  '--ca-path=[trust the certificates in this hashed folder only]:DIRECTORY:_files -/' \
  '--tls-min-version=[1.0, 1.1, 1.2 or 1.3\: refuse anything older]:VERSION:(1.0 1.1 1.2 1.3)' \
  '--insecure[only report a certificate that does not verify]' \
  '--sni=[server name to ask for (default\: HOST)]:NAME: ' \
  '*--verify-name=[name in the certificate (default\: HOST); any of several]:NAME: ' \
  '--client-cert=[show this certificate (PEM, with its chain)]:FILE:_files' \
  '--client-key=[its private key, if not in the same file]:FILE:_files' \
  '--client-key-password-file=[the key'\''s pass phrase]:FILE:_files' \
  '(-U --user)'{-U+,--user=}'[log in as this user (without it nobody logs in)]:USER: ' \
  '--authzid=[act as this identity once logged in]:ID: ' \
  '(-P --password)'{-P+,--password=}'[the password itself; other users may see it]:PASSWORD: ' \
  '--password-file=[read the password from this file]:FILE:_files' \
  '--password-env=[read the password from this environment variable]:NAME: ' \
  '--password-fd=[read the password from this open file descriptor]:NUMBER: ' \
  '--oauth2-token-file=[read the OAuth 2 access token from this file]:FILE:_files' \
  '--oauth2-token-env=[read the token from this environment variable]:NAME: ' \
  '--auth=[use this mechanism only\: PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-1, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-256-PLUS, XOAUTH2, OAUTHBEARER, EXTERNAL or strongest]:MECHANISM:(PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL strongest)' \
  '--allow-plaintext-auth[with --tls none\: send the password unencrypted]' \
  '--lmtp[speak LMTP\: LHLO, and an answer for each recipient]' \
  '--helo=[name to greet with (default\: this machine'\''s)]:NAME: ' \
  '--proxy-protocol=[1 or 2\: begin with a PROXY header of the real addresses]:VERSION:(1 2)' \
  '--pipelining[send MAIL and RCPT at once, where offered]' \
  '--from=[envelope sender, <> for none]:ADDRESS: ' \
  '*--to=[envelope recipient]:ADDRESS: ' \
  '--send[send a message (without it nothing is ever sent)]' \
  '--subject=[its subject]:TEXT: ' \
  '*--header=[one more header, or another value of ours]:'\''NAME\: TEXT'\'': ' \
  '--body-file=[its text in UTF-8]:FILE:_files' \
  '(-e --expect-greeting)'{-e+,--expect-greeting=}'[the greeting must hold this text]:TEXT: ' \
  '*--expect-extension=[must be offered at the end; !NAME must not]:NAME: ' \
  '*--expect=[the answer there, for example rcpt=550 or auth=535,4xx]:STAGE=CODE: ' \
  '--open-relay-test[OK only if the server refuses --to, nobody being logged in]' \
  '--stop-after=[end there\: connect, greeting, ehlo, tls, auth, mail, rcpt or data]:STAGE:(connect greeting ehlo tls auth mail rcpt data)'
