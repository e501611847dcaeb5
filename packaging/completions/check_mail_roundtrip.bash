# bash completion for check_mail_roundtrip, made from its option table
_check_mail_roundtrip() {
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
    --address|--address=) return ;;
    --resolver|--resolver=) return ;;
    --timeout|--timeout=|-t) return ;;
    --cert-days|--cert-days=|-D) return ;;
    --warning|--warning=|-w) if [[ $key ]]; then :; else compopt -o nospace; mapfile -t COMPREPLY < <(compgen -W 'smtp_dns= smtp_connect= smtp_greeting= smtp_ehlo= smtp_starttls= smtp_tls= smtp_auth= smtp_mail= smtp_rcpt= smtp_body= smtp_data= smtp_quit= imap_dns= imap_connect= imap_greeting= imap_capability= imap_starttls= imap_tls= imap_auth= imap_list= imap_select= imap_search= imap_fetch= imap_logout= transit= cleanup= total= slowest_hop= hops= spam_score= junk= pending= lost= smtp_cert_days= smtp_chain_days= imap_cert_days= imap_chain_days=' -- "$cur"); fi; return ;;
    --critical|--critical=|-c) if [[ $key ]]; then :; else compopt -o nospace; mapfile -t COMPREPLY < <(compgen -W 'smtp_dns= smtp_connect= smtp_greeting= smtp_ehlo= smtp_starttls= smtp_tls= smtp_auth= smtp_mail= smtp_rcpt= smtp_body= smtp_data= smtp_quit= imap_dns= imap_connect= imap_greeting= imap_capability= imap_starttls= imap_tls= imap_auth= imap_list= imap_select= imap_search= imap_fetch= imap_logout= transit= cleanup= total= slowest_hop= hops= spam_score= junk= pending= lost= smtp_cert_days= smtp_chain_days= imap_cert_days= imap_chain_days=' -- "$cur"); fi; return ;;
    --result|--result=) if [[ $key ]]; then mapfile -t COMPREPLY < <(compgen -W 'ok warning critical unknown' -- "$cur"); else compopt -o nospace; mapfile -t COMPREPLY < <(compgen -W 'dns= connect= address-failed= timeout= connection-lost= greeting= protocol-error= starttls-absent= starttls-refused= starttls-injected= plain-text-on-tls-port= tls-on-plain-port= tls-handshake= old-protocol= expired= not-yet-valid= name-mismatch= self-signed= missing-intermediate= untrusted= wrong-purpose= weak-key= weak-digest= unverified= plaintext-auth-refused= tls-required= no-mechanism= auth-failed= auth-unavailable= relay-denied= blocklisted= unknown-recipient= mailbox-full= too-large= content-rejected= policy= permanent= greylisted= rate-limited= temporary= service-closing= delivery-unknown= state-locked= state-unusable= state-reset= could-not-look= greylisted-too-long= not-seen= pending= late= lost= given-up= bounced= delayed= junk= duplicate= spf-failed= dkim-failed= dmarc-failed= authentication-missing= authentication-unreadable= not-aligned= dmarc-none= dmarc-unanswered= organizational-domain= clock-skew= junk-not-watched= bounces-not-watched= cleanup-failed= not-measured= local= alert= referral= deviation= secret-file-readable= transcript-failed=' -- "$cur"); fi; return ;;
    --output|--output=) mapfile -t COMPREPLY < <(compgen -W 'plain json prometheus' -- "$cur"); return ;;
    --perfdata|--perfdata=) mapfile -t COMPREPLY < <(compgen -P "${cur%"${cur##*,}"}" -W 'smtp_dns smtp_connect smtp_greeting smtp_ehlo smtp_starttls smtp_tls smtp_auth smtp_mail smtp_rcpt smtp_body smtp_data smtp_quit imap_dns imap_connect imap_greeting imap_capability imap_starttls imap_tls imap_auth imap_list imap_select imap_search imap_fetch imap_logout transit cleanup total slowest_hop hops spam_score junk pending lost smtp_cert_days smtp_chain_days imap_cert_days imap_chain_days' -- "${cur##*,}"); return ;;
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
    --smtp-hostname|--smtp-hostname=) return ;;
    --smtp-port|--smtp-port=) return ;;
    --smtp-address|--smtp-address=) return ;;
    --smtp-tls|--smtp-tls=) mapfile -t COMPREPLY < <(compgen -W 'implicit starttls none' -- "$cur"); return ;;
    --smtp-ca-file|--smtp-ca-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --smtp-ca-path|--smtp-ca-path=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    --smtp-tls-min-version|--smtp-tls-min-version=) mapfile -t COMPREPLY < <(compgen -W '1.0 1.1 1.2 1.3' -- "$cur"); return ;;
    --smtp-sni|--smtp-sni=) return ;;
    --smtp-verify-name|--smtp-verify-name=) return ;;
    --smtp-client-cert|--smtp-client-cert=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --smtp-client-key|--smtp-client-key=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --smtp-client-key-password-file|--smtp-client-key-password-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --smtp-user|--smtp-user=) return ;;
    --smtp-authzid|--smtp-authzid=) return ;;
    --smtp-password|--smtp-password=) return ;;
    --smtp-password-file|--smtp-password-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --smtp-password-env|--smtp-password-env=) return ;;
    --smtp-password-fd|--smtp-password-fd=) return ;;
    --smtp-oauth2-token-file|--smtp-oauth2-token-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --smtp-oauth2-token-env|--smtp-oauth2-token-env=) return ;;
    --smtp-auth|--smtp-auth=) mapfile -t COMPREPLY < <(compgen -W 'PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL strongest' -- "$cur"); return ;;
    --smtp-proxy-protocol|--smtp-proxy-protocol=) mapfile -t COMPREPLY < <(compgen -W '1 2' -- "$cur"); return ;;
    --imap-hostname|--imap-hostname=) return ;;
    --imap-port|--imap-port=) return ;;
    --imap-address|--imap-address=) return ;;
    --imap-tls|--imap-tls=) mapfile -t COMPREPLY < <(compgen -W 'implicit starttls none' -- "$cur"); return ;;
    --imap-ca-file|--imap-ca-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --imap-ca-path|--imap-ca-path=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    --imap-tls-min-version|--imap-tls-min-version=) mapfile -t COMPREPLY < <(compgen -W '1.0 1.1 1.2 1.3' -- "$cur"); return ;;
    --imap-sni|--imap-sni=) return ;;
    --imap-verify-name|--imap-verify-name=) return ;;
    --imap-client-cert|--imap-client-cert=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --imap-client-key|--imap-client-key=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --imap-client-key-password-file|--imap-client-key-password-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --imap-user|--imap-user=) return ;;
    --imap-authzid|--imap-authzid=) return ;;
    --imap-password|--imap-password=) return ;;
    --imap-password-file|--imap-password-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --imap-password-env|--imap-password-env=) return ;;
    --imap-password-fd|--imap-password-fd=) return ;;
    --imap-oauth2-token-file|--imap-oauth2-token-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --imap-oauth2-token-env|--imap-oauth2-token-env=) return ;;
    --imap-auth|--imap-auth=) mapfile -t COMPREPLY < <(compgen -W 'PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL LOGIN-COMMAND strongest' -- "$cur"); return ;;
    --bounce-hostname|--bounce-hostname=) return ;;
    --bounce-port|--bounce-port=) return ;;
    --bounce-address|--bounce-address=) return ;;
    --bounce-tls|--bounce-tls=) mapfile -t COMPREPLY < <(compgen -W 'implicit starttls none' -- "$cur"); return ;;
    --bounce-ca-file|--bounce-ca-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --bounce-ca-path|--bounce-ca-path=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    --bounce-tls-min-version|--bounce-tls-min-version=) mapfile -t COMPREPLY < <(compgen -W '1.0 1.1 1.2 1.3' -- "$cur"); return ;;
    --bounce-sni|--bounce-sni=) return ;;
    --bounce-verify-name|--bounce-verify-name=) return ;;
    --bounce-client-cert|--bounce-client-cert=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --bounce-client-key|--bounce-client-key=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --bounce-client-key-password-file|--bounce-client-key-password-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --bounce-user|--bounce-user=) return ;;
    --bounce-authzid|--bounce-authzid=) return ;;
    --bounce-password|--bounce-password=) return ;;
    --bounce-password-file|--bounce-password-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --bounce-password-env|--bounce-password-env=) return ;;
    --bounce-password-fd|--bounce-password-fd=) return ;;
    --bounce-oauth2-token-file|--bounce-oauth2-token-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --bounce-oauth2-token-env|--bounce-oauth2-token-env=) return ;;
    --bounce-auth|--bounce-auth=) mapfile -t COMPREPLY < <(compgen -W 'PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL LOGIN-COMMAND strongest' -- "$cur"); return ;;
    --from|--from=) return ;;
    --to|--to=) return ;;
    --subject|--subject=) return ;;
    --header|--header=) return ;;
    --body-file|--body-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --helo|--helo=) return ;;
    --mailbox|--mailbox=|-m) return ;;
    --junk|--junk=) return ;;
    --trash|--trash=) return ;;
    --poll|--poll=) mapfile -t COMPREPLY < <(compgen -W 'auto idle' -- "$cur"); return ;;
    --wait|--wait=) return ;;
    --state-dir|--state-dir=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    --id|--id=) return ;;
    --lost-after|--lost-after=) return ;;
    --lost-runs|--lost-runs=) return ;;
    --greylist-tolerance|--greylist-tolerance=) return ;;
    --authserv-id|--authserv-id=) return ;;
    --require|--require=) mapfile -t COMPREPLY < <(compgen -P "${cur%"${cur##*,}"}" -W 'spf dkim dmarc' -- "${cur##*,}"); return ;;
    --alignment|--alignment=) mapfile -t COMPREPLY < <(compgen -W 'strict relaxed' -- "$cur"); return ;;
  esac
  [[ $cur == -* ]] && mapfile -t COMPREPLY < <(compgen -W '--hostname --ipv4 --ipv6 --address --resolver --timeout --cert-days --warning --critical --result --verbose --output --perfdata --prometheus-label --transcript --extra-opts --help --version --tls --require-tls --ssl --ca-file --ca-path --tls-min-version --insecure --sni --verify-name --client-cert --client-key --client-key-password-file --user --authzid --password --password-file --password-env --password-fd --oauth2-token-file --oauth2-token-env --auth --allow-plaintext-auth --smtp-hostname --smtp-port --smtp-ipv4 --smtp-ipv6 --smtp-address --smtp-tls --smtp-require-tls --smtp-ssl --smtp-ca-file --smtp-ca-path --smtp-tls-min-version --smtp-insecure --smtp-sni --smtp-verify-name --smtp-client-cert --smtp-client-key --smtp-client-key-password-file --smtp-user --smtp-authzid --smtp-password --smtp-password-file --smtp-password-env --smtp-password-fd --smtp-oauth2-token-file --smtp-oauth2-token-env --smtp-auth --smtp-allow-plaintext-auth --smtp-proxy-protocol --imap-hostname --imap-port --imap-ipv4 --imap-ipv6 --imap-address --imap-tls --imap-require-tls --imap-ssl --imap-ca-file --imap-ca-path --imap-tls-min-version --imap-insecure --imap-sni --imap-verify-name --imap-client-cert --imap-client-key --imap-client-key-password-file --imap-user --imap-authzid --imap-password --imap-password-file --imap-password-env --imap-password-fd --imap-oauth2-token-file --imap-oauth2-token-env --imap-auth --imap-allow-plaintext-auth --bounce-hostname --bounce-port --bounce-ipv4 --bounce-ipv6 --bounce-address --bounce-tls --bounce-require-tls --bounce-ssl --bounce-ca-file --bounce-ca-path --bounce-tls-min-version --bounce-insecure --bounce-sni --bounce-verify-name --bounce-client-cert --bounce-client-key --bounce-client-key-password-file --bounce-user --bounce-authzid --bounce-password --bounce-password-file --bounce-password-env --bounce-password-fd --bounce-oauth2-token-file --bounce-oauth2-token-env --bounce-auth --bounce-allow-plaintext-auth --from --to --subject --header --body-file --helo --mailbox --junk --trash --keep --poll --wait --state-dir --id --lost-after --lost-runs --greylist-tolerance --authserv-id --require --alignment' -- "$cur")
}
complete -F _check_mail_roundtrip check_mail_roundtrip
