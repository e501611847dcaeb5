#compdef check_imap_login
# zsh completion for check_imap_login, made from its option table

_check_imap_login_label() {
  if compset -P '*='; then
    _message range
  else
    compadd -S '=' -- dns connect greeting capability starttls tls auth select list search fetch quota logout total cert_days chain_days messages unseen hits newest_age oldest_age quota_storage quota_storage_bytes quota_messages quota_messages_used
  fi
}

_check_imap_login_finding() {
  if compset -P '*='; then
    compadd -- ok warning critical unknown
  else
    compadd -S '=' -- dns connect address-failed timeout connection-lost greeting protocol-error command-refused starttls-absent starttls-refused starttls-injected preauth plain-text-on-tls-port tls-on-plain-port tls-handshake old-protocol expired not-yet-valid name-mismatch self-signed missing-intermediate untrusted wrong-purpose weak-key weak-digest unverified plaintext-auth-refused tls-required no-mechanism auth-failed auth-unavailable mailbox-unusable quota-unavailable criteria-refused not-measured not-expected local alert referral deviation secret-file-readable transcript-failed
  fi
}

_arguments -s -S \
  '(-H --hostname)'{-H+,--hostname=}'[host name or IP address of the server]:HOST: ' \
  '(-p --port)'{-p+,--port=}'[default 993, or 143 with --tls starttls or none]:PORT: ' \
  '(-4 --ipv4)'{-4,--ipv4}'[use IPv4 only]' \
  '(-6 --ipv6)'{-6,--ipv6}'[use IPv6 only]' \
  '--address=[connect there; the name checked is still HOST]:IP: ' \
  '--resolver=[ask this name server instead of the system'\''s]:ADDRESS\[\:PORT\]: ' \
  '(-t --timeout)'{-t+,--timeout=}'[time for the whole check (default 10)]:SECONDS: ' \
  '(-D --cert-days)'{-D+,--cert-days=}'[days that certificate and chain must be good for]:WARN\[,CRIT\]: ' \
  '*'{-w+,--warning=}'[warning outside; any label of the perfdata, default total]:\[LABEL=\]RANGE:_check_imap_login_label' \
  '*'{-c+,--critical=}'[critical outside; any label of the perfdata, default total]:\[LABEL=\]RANGE:_check_imap_login_label' \
  '*--result=[judge FINDING as ok, warning, critical or unknown]:FINDING=STATE:_check_imap_login_finding' \
  '*'{-v,--verbose}'[more\: steps (-v), findings (-vv), dialogue (-vvv)]' \
  '--output=[plain (default), json or prometheus]:FORMAT:(plain json prometheus)' \
  '--perfdata=[only these labels, in plain output (default all)]:LABEL,...:_values -s , name dns connect greeting capability starttls tls auth select list search fetch quota logout total cert_days chain_days messages unseen hits newest_age oldest_age quota_storage quota_storage_bytes quota_messages quota_messages_used' \
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
  '--auth=[use this mechanism only\: PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-1, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-256-PLUS, XOAUTH2, OAUTHBEARER, EXTERNAL, LOGIN-COMMAND or strongest]:MECHANISM:(PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL LOGIN-COMMAND strongest)' \
  '--allow-plaintext-auth[with --tls none\: send the password unencrypted]' \
  '(-m --mailbox)'{-m+,--mailbox=}'[the folder to open, in UTF-8 (default INBOX)]:NAME: ' \
  '--select[open with SELECT; messages lose their Recent flag]' \
  '*--list=[this folder must exist]:NAME: ' \
  '--search=[count messages, for example '\''UNSEEN FROM "backup"'\'' (label hits)]:CRITERIA: ' \
  '--fetch=[-vv shows the headers of the newest N (1 to 100)]:N: ' \
  '--quota[measure the quota of the mailbox]' \
  '(-e --expect-greeting)'{-e+,--expect-greeting=}'[the greeting must hold this text]:TEXT: ' \
  '*--expect-capability=[must be offered at the end; !NAME must not]:NAME: ' \
  '--refuse[negative test\: OK only if the log in is refused]' \
  '--refuse-plaintext[no log in may be offered before TLS]' \
  '--stop-after=[end there\: greeting, tls, capability, auth or select]:STAGE:(greeting tls capability auth select)'
