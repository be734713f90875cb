#!/bin/sh
# Qt needs a few libraries that a bare Debian lacks, and Chinese text needs a font. Installs them where it may
# (root on a system with apt), else says what to install; never fails the build by itself.
set -u

[ "$(uname -s)" = Linux ] || exit 0

missing=""
need() {  # need LIBRARY PACKAGE
    ldconfig -p 2>/dev/null | grep -q "$1" || missing="$missing $2"
}
need libEGL.so.1 libegl1
need libGL.so.1 libgl1
need libxkbcommon.so.0 libxkbcommon0
need libdbus-1.so.3 libdbus-1-3
need libfontconfig.so.1 libfontconfig1
need libxcb-cursor.so.0 libxcb-cursor0
need libxkbcommon-x11.so.0 libxkbcommon-x11-0
need libxcb-icccm.so.4 libxcb-icccm4
need libxcb-keysyms.so.1 libxcb-keysyms1
need libxcb-image.so.0 libxcb-image0
need libxcb-render-util.so.0 libxcb-render-util0
need libxcb-shape.so.0 libxcb-shape0
command -v g++ >/dev/null 2>&1 || command -v c++ >/dev/null 2>&1 || missing="$missing g++"
if ! command -v fc-list >/dev/null 2>&1 || [ -z "$(fc-list :lang=zh family 2>/dev/null | head -n 1)" ]; then
    missing="$missing fontconfig fonts-noto-cjk"
fi

[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "== Installing system packages:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null && exit 0
fi
echo "Note: these system packages are missing:$missing"
echo "      Install them (Debian/Ubuntu: sudo apt-get install$missing) for the window and Chinese text to show."
exit 0
