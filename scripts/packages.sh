# shellcheck shell=bash
# shellcheck disable=SC2034 # the lists are for those who source this
# What the other scripts need on a Debian or Ubuntu machine, and how they get it. Sourced, never run.

# To build: a C compiler and linker.
packages_build=(gcc libc6-dev)

# To open the window: OpenGL, the X11 libraries that are loaded by name at start, fonts for all scripts.
packages_window=(libgl1 libegl1 libgl1-mesa-dri libx11-6 libx11-xcb1 libxcursor1 libxi6 libxrandr2 libxkbcommon-x11-0
    fonts-noto-core fonts-noto-cjk)

# To test: a whole desktop without a screen, and a software Vulkan driver for the picture tests.
packages_desktop=(xvfb xauth openbox x11-utils xdotool imagemagick dbus dbus-x11 libglib2.0-bin gnome-keyring
    libsecret-tools at-spi2-core gir1.2-atspi-2.0 python3 python3-gi xdg-desktop-portal xdg-desktop-portal-gtk
    mesa-vulkan-drivers)

# To kill the program at every step: see scripts/torture.
packages_torture=(strace python3 e2fsprogs)

say() {
    printf '%s\n' "$*" >&2
}

# Installs those of the named packages that are missing. Without apt the machine is taken as it is.
need_packages() {
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || return 0
    local package missing=()
    for package in "$@"; do
        [[ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" == installed* ]] || missing+=("$package")
    done
    ((${#missing[@]})) || return 0

    local as_root=()
    if ((EUID != 0)); then
        # Through sudo only when it can answer: by itself, or because somebody sits at a terminal.
        if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
            as_root=(sudo)
        else
            say "Some packages are missing. Install them, then run this again:"
            say "  apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}"
            exit 1
        fi
    fi
    say "Installing ${missing[*]}"
    if ! { "${as_root[@]}" apt-get update --quiet >&2 &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install --yes --quiet --no-install-recommends "${missing[@]}" >&2; }; then
        say "That did not work. Install them by hand, then run this again:"
        say "  apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}"
        exit 1
    fi
}

need_rust() {
    if ! command -v cargo >/dev/null; then
        say "Rust is missing. https://rustup.rs installs it; then run this again."
        exit 1
    fi
}
