#!/bin/sh
# What the journey of moving over ssh needs: OpenSSH's server and client, installed where apt and root allow. No service of it starts.
here() { PATH="$PATH:/usr/sbin" command -v sshd && command -v ssh && command -v ssh-keygen; }
here >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing OpenSSH's server for the journey of moving over ssh…"
    policy=/usr/sbin/policy-rc.d
    [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && ours=1; }
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openssh-server openssh-client; } >/dev/null 2>&1
    [ "${ours:-}" ] && rm -f "$policy"
    here >/dev/null 2>&1 && exit 0
fi
echo "No sshd here: the journey of moving over ssh will be skipped. To run it: install openssh-server, then make test."
