# bash completion for check_smtp_submit, made from its option table
_check_smtp_submit() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  [[ $cur == '=' ]] && cur=''
  [[ $prev == '=' ]] && prev=${COMP_WORDS[COMP_CWORD-2]}
  case $prev in
    --hostname|-H) return ;;
    --port|-p) return ;;
    --address) return ;;
    --resolver) return ;;
    --timeout|-t) return ;;
    --cert-days|-D) return ;;
    --warning|-w) return ;;
    --critical|-c) return ;;
    --result) return ;;
    --output) mapfile -t COMPREPLY < <(compgen -W 'plain json' -- "$cur"); return ;;
    --transcript) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --tls) mapfile -t COMPREPLY < <(compgen -W 'implicit starttls none' -- "$cur"); return ;;
    --ca-file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --ca-path) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    --tls-min-version) mapfile -t COMPREPLY < <(compgen -W '1.0 1.1 1.2 1.3' -- "$cur"); return ;;
    --sni) return ;;
    --verify-name) return ;;
    --client-cert) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --client-key) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --client-key-password-file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --user|-U) return ;;
    --authzid) return ;;
    --password|-P) return ;;
    --password-file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --password-env) return ;;
    --password-fd) return ;;
    --oauth2-token-file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --oauth2-token-env) return ;;
    --auth) mapfile -t COMPREPLY < <(compgen -W 'PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL strongest' -- "$cur"); return ;;
    --helo) return ;;
    --proxy-protocol) mapfile -t COMPREPLY < <(compgen -W '1 2' -- "$cur"); return ;;
    --from) return ;;
    --to) return ;;
    --subject) return ;;
    --header) return ;;
    --body-file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --expect-greeting|-e) return ;;
    --expect-extension) return ;;
    --expect) return ;;
    --stop-after) mapfile -t COMPREPLY < <(compgen -W 'connect greeting ehlo tls auth mail rcpt data' -- "$cur"); return ;;
  esac
  [[ $cur == -* ]] && mapfile -t COMPREPLY < <(compgen -W '--hostname --port --ipv4 --ipv6 --address --resolver --timeout --cert-days --warning --critical --result --verbose --output --transcript --extra-opts --help --version --tls --require-tls --ssl --ca-file --ca-path --tls-min-version --insecure --sni --verify-name --client-cert --client-key --client-key-password-file --user --authzid --password --password-file --password-env --password-fd --oauth2-token-file --oauth2-token-env --auth --allow-plaintext-auth --lmtp --helo --proxy-protocol --pipelining --from --to --send --subject --header --body-file --expect-greeting --expect-extension --expect --open-relay-test --stop-after' -- "$cur")
}
complete -F _check_smtp_submit check_smtp_submit
