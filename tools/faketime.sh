#!/bin/sh
# A wrong clock for the journeys: Debian's faketime, installed where apt and root allow.
command -v faketime >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing faketime for the journeys with a wrong clock…"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq faketime; } >/dev/null 2>&1 && exit 0
fi
echo "No faketime here: the journeys with a wrong clock will be skipped. To run them: install Debian's package faketime, then make test."
