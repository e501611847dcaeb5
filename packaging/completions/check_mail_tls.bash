# bash completion for check_mail_tls, made from its option table
_check_mail_tls() {
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
    --warning|--warning=|-w) if [[ $key ]]; then :; else compopt -o nospace; mapfile -t COMPREPLY < <(compgen -W 'dns= policy= connect= greeting= ehlo= capability= starttls= tls= quit= logout= total= cert_days= chain_days= lifetime_left=' -- "$cur"); fi; return ;;
    --critical|--critical=|-c) if [[ $key ]]; then :; else compopt -o nospace; mapfile -t COMPREPLY < <(compgen -W 'dns= policy= connect= greeting= ehlo= capability= starttls= tls= quit= logout= total= cert_days= chain_days= lifetime_left=' -- "$cur"); fi; return ;;
    --result|--result=) if [[ $key ]]; then mapfile -t COMPREPLY < <(compgen -W 'ok warning critical unknown' -- "$cur"); else compopt -o nospace; mapfile -t COMPREPLY < <(compgen -W 'dns= connect= address-failed= timeout= connection-lost= greeting= protocol-error= starttls-absent= starttls-refused= starttls-injected= preauth= plain-text-on-tls-port= tls-on-plain-port= tls-handshake= old-protocol= old-protocol-accepted= no-forward-secrecy= weak-signature= no-secure-renegotiation= weak-group= weak-cipher= anonymous-suite= null-suite= expired= not-yet-valid= name-mismatch= self-signed= missing-intermediate= untrusted= wrong-purpose= weak-key= weak-digest= revoked= staple-missing= staple-stale= staple-invalid= key-type-absent= chain-order= surplus-certificate= dane-mismatch= dane-bogus= dane-absent= dane-insecure= dane-unusable= dane-unanswered= dane-rollover= dane-remote-resolver= mx-invalid= mx-null= mta-sts-absent= mta-sts-invalid= mta-sts-unreachable= mta-sts-unanswered= mta-sts-mismatch= mta-sts-none= mta-sts-testing= mta-sts-short-lived= caa= tls-rpt= tls-required= blocklisted= policy= permanent= greylisted= rate-limited= temporary= service-closing= not-measured= not-expected= local= deviation= secret-file-readable= transcript-failed=' -- "$cur"); fi; return ;;
    --output|--output=) mapfile -t COMPREPLY < <(compgen -W 'plain json prometheus' -- "$cur"); return ;;
    --perfdata|--perfdata=) mapfile -t COMPREPLY < <(compgen -P "${cur%"${cur##*,}"}" -W 'dns policy connect greeting ehlo capability starttls tls quit logout total cert_days chain_days lifetime_left' -- "${cur##*,}"); return ;;
    --prometheus-label|--prometheus-label=) return ;;
    --transcript|--transcript=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --extra-opts=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --protocol|--protocol=) mapfile -t COMPREPLY < <(compgen -W 'smtp submission smtps submissions lmtp imap imaps pop3 pop3s sieve' -- "$cur"); return ;;
    --helo|--helo=) return ;;
    --mx|--mx=) return ;;
    --tls|--tls=) mapfile -t COMPREPLY < <(compgen -W 'implicit starttls' -- "$cur"); return ;;
    --ca-file|--ca-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --ca-path|--ca-path=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    --tls-min-version|--tls-min-version=) mapfile -t COMPREPLY < <(compgen -W '1.0 1.1 1.2 1.3' -- "$cur"); return ;;
    --sni|--sni=) return ;;
    --verify-name|--verify-name=) return ;;
    --client-cert|--client-cert=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --client-key|--client-key=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --client-key-password-file|--client-key-password-file=) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --pin-sha256|--pin-sha256=) return ;;
    --fingerprint|--fingerprint=) return ;;
    --issuer|--issuer=) return ;;
    --key-type|--key-type=) mapfile -t COMPREPLY < <(compgen -W 'rsa ecdsa ed25519' -- "$cur"); return ;;
    --dane=) mapfile -t COMPREPLY < <(compgen -W 'if-present' -- "$cur"); return ;;
    --mta-sts|--mta-sts=) return ;;
  esac
  [[ $cur == -* ]] && mapfile -t COMPREPLY < <(compgen -W '--hostname --port --ipv4 --ipv6 --address --resolver --timeout --cert-days --warning --critical --result --verbose --output --perfdata --prometheus-label --transcript --extra-opts --help --version --protocol --helo --mx --all-addresses --tls --require-tls --ssl --ca-file --ca-path --tls-min-version --sni --verify-name --client-cert --client-key --client-key-password-file --no-sni --old-protocols --allow-self-signed --pin-sha256 --fingerprint --issuer --key-type --both-key-types --require-staple --dane --mta-sts' -- "$cur")
}
complete -F _check_mail_tls check_mail_tls
