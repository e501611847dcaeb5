#compdef check_mail_roundtrip
# zsh completion for check_mail_roundtrip, made from its option table

_check_mail_roundtrip_label() {
  if compset -P '*='; then
    _message range
  else
    compadd -S '=' -- smtp_dns smtp_connect smtp_greeting smtp_ehlo smtp_starttls smtp_tls smtp_auth smtp_mail smtp_rcpt smtp_body smtp_data smtp_quit imap_dns imap_connect imap_greeting imap_capability imap_starttls imap_tls imap_auth imap_list imap_select imap_search imap_fetch imap_logout transit cleanup total slowest_hop hops spam_score junk pending lost smtp_cert_days smtp_chain_days imap_cert_days imap_chain_days
  fi
}

_check_mail_roundtrip_finding() {
  if compset -P '*='; then
    compadd -- ok warning critical unknown
  else
    compadd -S '=' -- dns connect address-failed timeout connection-lost greeting protocol-error starttls-absent starttls-refused starttls-injected plain-text-on-tls-port tls-on-plain-port tls-handshake old-protocol expired not-yet-valid name-mismatch self-signed missing-intermediate untrusted wrong-purpose weak-key weak-digest unverified plaintext-auth-refused tls-required no-mechanism auth-failed auth-unavailable relay-denied blocklisted unknown-recipient mailbox-full too-large content-rejected policy permanent greylisted rate-limited temporary service-closing delivery-unknown state-locked state-unusable state-reset could-not-look greylisted-too-long not-seen pending late lost given-up bounced delayed junk duplicate spf-failed dkim-failed dmarc-failed authentication-missing authentication-unreadable not-aligned dmarc-none dmarc-unanswered organizational-domain clock-skew junk-not-watched bounces-not-watched cleanup-failed not-measured local alert referral deviation secret-file-readable transcript-failed
  fi
}

_arguments -s -S \
  '(-H --hostname)'{-H+,--hostname=}'[host name or IP address of the server]:HOST: ' \
  '(-4 --ipv4)'{-4,--ipv4}'[use IPv4 only]' \
  '(-6 --ipv6)'{-6,--ipv6}'[use IPv6 only]' \
  '--address=[connect there; the name checked is still HOST]:IP: ' \
  '--resolver=[ask this name server instead of the system'\''s]:ADDRESS\[\:PORT\]: ' \
  '(-t --timeout)'{-t+,--timeout=}'[time for the whole check (default 50)]:SECONDS: ' \
  '(-D --cert-days)'{-D+,--cert-days=}'[days that certificate and chain must be good for]:WARN\[,CRIT\]: ' \
  '*'{-w+,--warning=}'[warning outside; any label of the perfdata, default total]:\[LABEL=\]RANGE:_check_mail_roundtrip_label' \
  '*'{-c+,--critical=}'[critical outside; any label of the perfdata, default total]:\[LABEL=\]RANGE:_check_mail_roundtrip_label' \
  '*--result=[judge FINDING as ok, warning, critical or unknown]:FINDING=STATE:_check_mail_roundtrip_finding' \
  '*'{-v,--verbose}'[more\: steps (-v), findings (-vv), dialogue (-vvv)]' \
  '--output=[plain (default), json or prometheus]:FORMAT:(plain json prometheus)' \
  '--perfdata=[only these labels, in plain output (default all)]:LABEL,...:_values -s , name smtp_dns smtp_connect smtp_greeting smtp_ehlo smtp_starttls smtp_tls smtp_auth smtp_mail smtp_rcpt smtp_body smtp_data smtp_quit imap_dns imap_connect imap_greeting imap_capability imap_starttls imap_tls imap_auth imap_list imap_select imap_search imap_fetch imap_logout transit cleanup total slowest_hop hops spam_score junk pending lost smtp_cert_days smtp_chain_days imap_cert_days imap_chain_days' \
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
  '(-U --user)'{-U+,--user=}'[log in as this user; IMAP needs one]:USER: ' \
  '--authzid=[act as this identity once logged in]:ID: ' \
  '(-P --password)'{-P+,--password=}'[the password itself; other users may see it]:PASSWORD: ' \
  '--password-file=[read the password from this file]:FILE:_files' \
  '--password-env=[read the password from this environment variable]:NAME: ' \
  '--password-fd=[read the password from this open file descriptor]:NUMBER: ' \
  '--oauth2-token-file=[read the OAuth 2 access token from this file]:FILE:_files' \
  '--oauth2-token-env=[read the token from this environment variable]:NAME: ' \
  '--auth=[use this mechanism only\: PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-1, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-256-PLUS, XOAUTH2, OAUTHBEARER, EXTERNAL, LOGIN-COMMAND or strongest]:MECHANISM:(PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL LOGIN-COMMAND strongest)' \
  '--allow-plaintext-auth[with --tls none\: send the password unencrypted]' \
  '--smtp-hostname=[host name or IP address of the server]:HOST: ' \
  '--smtp-port=[default 587, or 465 with implicit TLS]:PORT: ' \
  '--smtp-ipv4[use IPv4 only]' \
  '--smtp-ipv6[use IPv6 only]' \
  '--smtp-address=[connect there; the name checked is still HOST]:IP: ' \
  '--smtp-tls=[implicit, starttls or none (default\: by port)]:MODE:(implicit starttls none)' \
  '--smtp-require-tls[encryption is required, mode by port (the default)]' \
  '--smtp-ssl[the same as --smtp-tls implicit]' \
  '--smtp-ca-file=[trust the certificates in this PEM file only]:FILE:_files' \
  '--smtp-ca-path=[trust the certificates in this hashed folder only]:DIRECTORY:_files -/' \
  '--smtp-tls-min-version=[1.0, 1.1, 1.2 or 1.3\: refuse anything older]:VERSION:(1.0 1.1 1.2 1.3)' \
  '--smtp-insecure[only report a certificate that does not verify]' \
  '--smtp-sni=[server name to ask for (default\: HOST)]:NAME: ' \
  '*--smtp-verify-name=[name in the certificate (default\: HOST); any of several]:NAME: ' \
  '--smtp-client-cert=[show this certificate (PEM, with its chain)]:FILE:_files' \
  '--smtp-client-key=[its private key, if not in the same file]:FILE:_files' \
  '--smtp-client-key-password-file=[the key'\''s pass phrase]:FILE:_files' \
  '--smtp-user=[log in as this user; '\'''\'' means nobody]:USER: ' \
  '--smtp-authzid=[act as this identity once logged in]:ID: ' \
  '--smtp-password=[the password itself; other users may see it]:PASSWORD: ' \
  '--smtp-password-file=[read the password from this file]:FILE:_files' \
  '--smtp-password-env=[read the password from this environment variable]:NAME: ' \
  '--smtp-password-fd=[read the password from this open file descriptor]:NUMBER: ' \
  '--smtp-oauth2-token-file=[read the OAuth 2 access token from this file]:FILE:_files' \
  '--smtp-oauth2-token-env=[read the token from this environment variable]:NAME: ' \
  '--smtp-auth=[use this mechanism only\: PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-1, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-256-PLUS, XOAUTH2, OAUTHBEARER, EXTERNAL or strongest]:MECHANISM:(PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL strongest)' \
  '--smtp-allow-plaintext-auth[with --smtp-tls none\: send the password unencrypted]' \
  '--smtp-proxy-protocol=[1 or 2\: begin with a PROXY header]:VERSION:(1 2)' \
  '--imap-hostname=[host name or IP address of the server]:HOST: ' \
  '--imap-port=[default 993, or 143 with starttls or none]:PORT: ' \
  '--imap-ipv4[use IPv4 only]' \
  '--imap-ipv6[use IPv6 only]' \
  '--imap-address=[connect there; the name checked is still HOST]:IP: ' \
  '--imap-tls=[implicit, starttls or none (default\: by port)]:MODE:(implicit starttls none)' \
  '--imap-require-tls[encryption is required, mode by port (the default)]' \
  '--imap-ssl[the same as --imap-tls implicit]' \
  '--imap-ca-file=[trust the certificates in this PEM file only]:FILE:_files' \
  '--imap-ca-path=[trust the certificates in this hashed folder only]:DIRECTORY:_files -/' \
  '--imap-tls-min-version=[1.0, 1.1, 1.2 or 1.3\: refuse anything older]:VERSION:(1.0 1.1 1.2 1.3)' \
  '--imap-insecure[only report a certificate that does not verify]' \
  '--imap-sni=[server name to ask for (default\: HOST)]:NAME: ' \
  '*--imap-verify-name=[name in the certificate (default\: HOST); any of several]:NAME: ' \
  '--imap-client-cert=[show this certificate (PEM, with its chain)]:FILE:_files' \
  '--imap-client-key=[its private key, if not in the same file]:FILE:_files' \
  '--imap-client-key-password-file=[the key'\''s pass phrase]:FILE:_files' \
  '--imap-user=[log in as this user]:USER: ' \
  '--imap-authzid=[act as this identity once logged in]:ID: ' \
  '--imap-password=[the password itself; other users may see it]:PASSWORD: ' \
  '--imap-password-file=[read the password from this file]:FILE:_files' \
  '--imap-password-env=[read the password from this environment variable]:NAME: ' \
  '--imap-password-fd=[read the password from this open file descriptor]:NUMBER: ' \
  '--imap-oauth2-token-file=[read the OAuth 2 access token from this file]:FILE:_files' \
  '--imap-oauth2-token-env=[read the token from this environment variable]:NAME: ' \
  '--imap-auth=[use this mechanism only\: PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-1, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-256-PLUS, XOAUTH2, OAUTHBEARER, EXTERNAL, LOGIN-COMMAND or strongest]:MECHANISM:(PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL LOGIN-COMMAND strongest)' \
  '--imap-allow-plaintext-auth[with --imap-tls none\: send the password unencrypted]' \
  '--bounce-hostname=[host name or IP address of the server]:HOST: ' \
  '--bounce-port=[default 993, or 143 with starttls or none]:PORT: ' \
  '--bounce-ipv4[use IPv4 only]' \
  '--bounce-ipv6[use IPv6 only]' \
  '--bounce-address=[connect there; the name checked is still HOST]:IP: ' \
  '--bounce-tls=[implicit, starttls or none (default\: by port)]:MODE:(implicit starttls none)' \
  '--bounce-require-tls[encryption is required, mode by port (the default)]' \
  '--bounce-ssl[the same as --bounce-tls implicit]' \
  '--bounce-ca-file=[trust the certificates in this PEM file only]:FILE:_files' \
  '--bounce-ca-path=[trust the certificates in this hashed folder only]:DIRECTORY:_files -/' \
  '--bounce-tls-min-version=[1.0, 1.1, 1.2 or 1.3\: refuse anything older]:VERSION:(1.0 1.1 1.2 1.3)' \
  '--bounce-insecure[only report a certificate that does not verify]' \
  '--bounce-sni=[server name to ask for (default\: HOST)]:NAME: ' \
  '*--bounce-verify-name=[name in the certificate (default\: HOST); any of several]:NAME: ' \
  '--bounce-client-cert=[show this certificate (PEM, with its chain)]:FILE:_files' \
  '--bounce-client-key=[its private key, if not in the same file]:FILE:_files' \
  '--bounce-client-key-password-file=[the key'\''s pass phrase]:FILE:_files' \
  '--bounce-user=[log in as this user]:USER: ' \
  '--bounce-authzid=[act as this identity once logged in]:ID: ' \
  '--bounce-password=[the password itself; other users may see it]:PASSWORD: ' \
  '--bounce-password-file=[read the password from this file]:FILE:_files' \
  '--bounce-password-env=[read the password from this environment variable]:NAME: ' \
  '--bounce-password-fd=[read the password from this open file descriptor]:NUMBER: ' \
  '--bounce-oauth2-token-file=[read the OAuth 2 access token from this file]:FILE:_files' \
  '--bounce-oauth2-token-env=[read the token from this environment variable]:NAME: ' \
  '--bounce-auth=[use this mechanism only\: PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-1, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-256-PLUS, XOAUTH2, OAUTHBEARER, EXTERNAL, LOGIN-COMMAND or strongest]:MECHANISM:(PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL LOGIN-COMMAND strongest)' \
  '--bounce-allow-plaintext-auth[with --bounce-tls none\: send the password unencrypted]' \
  '--from=[sender, of envelope and header; required]:ADDRESS: ' \
  '--to=[recipient, whose mail the IMAP user gets; required]:ADDRESS: ' \
  '--subject=[its subject; the token is put behind]:TEXT: ' \
  '*--header=[one more header, or another value of ours]:'\''NAME\: TEXT'\'': ' \
  '--body-file=[its text in UTF-8]:FILE:_files' \
  '--helo=[name to greet with (default\: this machine'\''s)]:NAME: ' \
  '(-m --mailbox)'{-m+,--mailbox=}'[where mail arrives, in UTF-8 (default INBOX)]:NAME: ' \
  '--junk=[watched too (default\: found), or none]:NAME: ' \
  '--trash=[move there instead of deleting; auto\: found]:NAME: ' \
  '--keep[leave our messages where they are]' \
  '--poll=[auto (default), idle, or seconds between looks]:HOW:(auto idle)' \
  '--wait=[how long to look (default\: all of the time-out)]:SECONDS: ' \
  '--state-dir=[where later runs learn what was not seen yet]:DIRECTORY:_files -/' \
  '--id=[tells this check from others on the mailbox]:NAME: ' \
  '--lost-after=[lost, or left over, is what is older (default 3600)]:SECONDS: ' \
  '--lost-runs=[runs that tell of a lost message (default 5)]:N: ' \
  '--greylist-tolerance=[greylisted for longer\: critical (default 1800)]:SECONDS: ' \
  '*--authserv-id=[trust its Authentication-Results; '\'''\''\: no name]:NAME: ' \
  '--require=[of spf,dkim,dmarc\: these must pass]:METHODS:_values -s , name spf dkim dmarc' \
  '--alignment=[strict or relaxed\: From must be aligned]:MODE:(strict relaxed)'
