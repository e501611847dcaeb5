# bash completion for check_imap_login, made from its option table
_check_imap_login() {
  local cur=${COMP_WORDS[COMP_CWORD]} at=$((COMP_CWORD - 1)) key='' option
  COMPREPLY=()
  # every "=" is a word of its own, as in --tls=MODE, --result NAME=STATE and --result=NAME=STATE
  [[ $cur == '=' ]] && cur='' at=$COMP_CWORD
  if [[ ${COMP_WORDS[at]} == '=' ]]; then
    at=$((at - 1))
    if [[ ${COMP_WORDS[at]} != -* ]]; then
      key=${COMP_WORDS[at]} at=$((at - 1))
      [[ ${COMP_WORDS[at]} == '=' ]] && at=$((at - 1))
    fi
  fi
  option=${COMP_WORDS[at]}
  [[ ${COMP_WORDS[at + 1]} == '=' ]] && option+='='
  case $option in
    --hostname|--hostname=|-H) return ;;
    --port|--port=|-p) return ;;
    --address|--address=) return ;;
    --resolver|--resolver=) return ;;
    --timeout|--timeout=|-t) return ;;
    --cert-days|--cert-days=|-D) return ;;
    --warning|--warning=|-w) if [[ $key ]]; then :; else compopt -o nospace; mapfile -t COMPREPLY < <(compgen -W 'dns= connect= greeting= capability= starttls= tls= auth= select= list= search= fetch= quota= logout= total= cert_days= chain_days= messages= unseen= hits= newest_age= oldest_age= quota_storage= quota_storage_bytes= quota_messages= quota_messages_used=' -- "$cur"); fi; return ;;
    --critical|--critical=|-c) if [[ $key ]]; then :; else compopt -o nospace; mapfile -t COMPREPLY < <(compgen -W 'dns= connect= greeting= capability= starttls= tls= auth= select= list= search= fetch= quota= logout= total= cert_days= chain_days= messages= unseen= hits= newest_age= oldest_age= quota_storage= quota_storage_bytes= quota_messages= quota_messages_used=' -- "$cur"); fi; return ;;
    --result|--result=) if [[ $key ]]; then mapfile -t COMPREPLY < <(compgen -W 'ok warning critical unknown' -- "$cur"); else compopt -o nospace; mapfile -t COMPREPLY < <(compgen -W 'dns= connect= address-failed= timeout= connection-lost= greeting= protocol-error= command-refused= starttls-absent= starttls-refused= starttls-injected= preauth= plain-text-on-tls-port= tls-on-plain-port= tls-handshake= old-protocol= expired= not-yet-valid= name-mismatch= self-signed= missing-intermediate= untrusted= wrong-purpose= weak-key= weak-digest= unverified= plaintext-auth-refused= tls-required= no-mechanism= auth-failed= auth-unavailable= mailbox-unusable= quota-unavailable= criteria-refused= not-measured= not-expected= local= alert= referral= deviation= secret-file-readable= transcript-failed=' -- "$cur"); fi; return ;;
    --output|--output=) mapfile -t COMPREPLY < <(compgen -W 'plain json prometheus' -- "$cur"); return ;;
    --perfdata|--perfdata=) mapfile -t COMPREPLY < <(compgen -P "${cur%"${cur##*,}"}" -W 'dns connect greeting capability starttls tls auth select list search fetch quota logout total cert_days chain_days messages unseen hits newest_age oldest_age quota_storage quota_storage_bytes quota_messages quota_messages_used' -- "${cur##*,}"); return ;;
    --prometheus-label|--prometheus-label=) return ;;
    --transcript|--transcript=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --extra-opts=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --tls|--tls=) mapfile -t COMPREPLY < <(compgen -W 'implicit starttls none' -- "$cur"); return ;;
    --ca-file|--ca-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --ca-path|--ca-path=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    --tls-min-version|--tls-min-version=) mapfile -t COMPREPLY < <(compgen -W '1.0 1.1 1.2 1.3' -- "$cur"); return ;;
    --sni|--sni=) return ;;
    --verify-name|--verify-name=) return ;;
    --client-cert|--client-cert=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --client-key|--client-key=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --client-key-password-file|--client-key-password-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --user|--user=|-U) return ;;
    --authzid|--authzid=) return ;;
    --password|--password=|-P) return ;;
    --password-file|--password-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --password-env|--password-env=) return ;;
    --password-fd|--password-fd=) return ;;
    --oauth2-token-file|--oauth2-token-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --oauth2-token-env|--oauth2-token-env=) return ;;
    --auth|--auth=) mapfile -t COMPREPLY < <(compgen -W 'PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL LOGIN-COMMAND strongest' -- "$cur"); return ;;
    --mailbox|--mailbox=|-m) return ;;
    --list|--list=) return ;;
    --search|--search=) return ;;
    --fetch|--fetch=) return ;;
    --expect-greeting|--expect-greeting=|-e) return ;;
    --expect-capability|--expect-capability=) return ;;
    --stop-after|--stop-after=) mapfile -t COMPREPLY < <(compgen -W 'greeting tls capability auth select' -- "$cur"); return ;;
  esac
  [[ $cur == -* ]] && mapfile -t COMPREPLY < <(compgen -W '--hostname --port --ipv4 --ipv6 --address --resolver --timeout --cert-days --warning --critical --result --verbose --output --perfdata --prometheus-label --transcript --extra-opts --help --version --tls --require-tls --ssl --ca-file --ca-path --tls-min-version --insecure --sni --verify-name --client-cert --client-key --client-key-password-file --user --authzid --password --password-file --password-env --password-fd --oauth2-token-file --oauth2-token-env --auth --allow-plaintext-auth --mailbox --select --list --search --fetch --quota --expect-greeting --expect-capability --refuse --refuse-plaintext --stop-after' -- "$cur")
}
complete -F _check_imap_login check_imap_login
