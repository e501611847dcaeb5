# bash completion for check_mail_tls, made from its option table
_check_mail_tls() {
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
    --protocol) mapfile -t COMPREPLY < <(compgen -W 'smtp submission smtps submissions lmtp imap imaps pop3 pop3s sieve' -- "$cur"); return ;;
    --helo) return ;;
    --mx) return ;;
    --tls) mapfile -t COMPREPLY < <(compgen -W 'implicit starttls' -- "$cur"); return ;;
    --ca-file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --ca-path) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    --tls-min-version) mapfile -t COMPREPLY < <(compgen -W '1.0 1.1 1.2 1.3' -- "$cur"); return ;;
    --sni) return ;;
    --verify-name) return ;;
    --client-cert) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --client-key) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --client-key-password-file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --pin-sha256) return ;;
    --fingerprint) return ;;
    --issuer) return ;;
    --key-type) mapfile -t COMPREPLY < <(compgen -W 'rsa ecdsa ed25519' -- "$cur"); return ;;
    --mta-sts) return ;;
  esac
  [[ $cur == -* ]] && mapfile -t COMPREPLY < <(compgen -W '--hostname --port --ipv4 --ipv6 --address --resolver --timeout --cert-days --warning --critical --result --verbose --output --transcript --extra-opts --help --version --protocol --helo --mx --all-addresses --tls --require-tls --ssl --ca-file --ca-path --tls-min-version --sni --verify-name --client-cert --client-key --client-key-password-file --no-sni --old-protocols --allow-self-signed --pin-sha256 --fingerprint --issuer --key-type --both-key-types --require-staple --dane --mta-sts' -- "$cur")
}
complete -F _check_mail_tls check_mail_tls
