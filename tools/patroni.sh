#!/bin/sh
# What the journey of high availability needs: Debian's Patroni, etcd, HAProxy and PostgreSQL, installed where apt and root allow.
here() { command -v patroni && command -v etcd && PATH="$PATH:/usr/sbin" command -v haproxy && ls /usr/lib/postgresql/15/bin/postgres; }
here >/dev/null 2>&1 && exit 0
packages="patroni python3-etcd etcd-server haproxy postgresql-15"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Patroni, etcd and HAProxy for the journey of high availability…"
    # No service of theirs shall start by being installed.
    policy=/usr/sbin/policy-rc.d
    [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && ours=1; }
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages; } >/dev/null 2>&1
    [ "${ours:-}" ] && rm -f "$policy"
    here >/dev/null 2>&1 && exit 0
fi
echo "No Patroni here: the journey of high availability will be skipped. To run it: install Debian's packages $packages, then make test."
