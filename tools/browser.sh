#!/bin/sh
# A browser for the journeys: Debian's Chromium, installed where apt and root allow.
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser journeys…"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null 2>&1 && exit 0
fi
echo "No Chromium here: the browser journeys will be skipped. To run them: install Debian's package chromium, then make test."
