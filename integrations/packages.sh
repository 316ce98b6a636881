#!/usr/bin/env bash
# Builds the packages, installs each where nothing else is, runs it there, and validates the plugin. It needs a network for its tools, so the test
# suite does not run it; what is missing is said and left out. Exit status 1 if something that could be tried failed.
# usage: integrations/packages.sh [wheel] [deb] [plugin], by default all of them
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
message='API Error: 529 Overloaded'
expected='server  The API is overloaded'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

missing() { echo "$1: left out, $2"; }
# Whether a program says what it should.
runs() {
  local name=$1 said
  shift
  said=$("$@" "$message" | head -n 1)
  if [ "$said" = "$expected" ]; then echo "$name: installed, and says: $said"; else
    echo "$name: says '$said' instead of '$expected'"
    failed=1
  fi
}
fails() { echo "$1: $2"; failed=1; }

wheel() {
  command -v python3 > /dev/null || { missing wheel 'python3 is missing'; return; }
  python3 -m venv "$work/tools" && "$work/tools/bin/pip" install --quiet 'maturin>=1.9,<2' ||
    { missing wheel 'maturin cannot be installed (python3-venv, network)'; return; }
  (cd integrations/wheel && "$work/tools/bin/maturin" build --release --locked --out "$work/wheel") || { fails wheel 'the build failed'; return; }
  python3 -m venv "$work/fresh" && "$work/fresh/bin/pip" install --quiet --no-index "$work"/wheel/*.whl ||
    { fails wheel 'it cannot be installed'; return; }
  runs wheel "$work/fresh/bin/diagnose"
}

deb() {
  command -v dpkg > /dev/null || { missing deb 'this is no Debian'; return; }
  command -v cargo-deb > /dev/null || { missing deb 'run: cargo install cargo-deb'; return; }
  cargo build --release --locked && integrations/assets.sh "${CARGO_TARGET_DIR:-target}/release/diagnose" &&
    cargo deb --no-build --output "$work/diagnose.deb" || { fails deb 'the build failed'; return; }
  # Laid out in a folder, as any user; to install it for good is `sudo dpkg -i`.
  dpkg-deb --extract "$work/diagnose.deb" "$work/root" || { fails deb 'it cannot be unpacked'; return; }
  for file in share/man/man1/diagnose.1.gz share/bash-completion/completions/diagnose share/doc/diagnose/copyright; do
    [ -f "$work/root/usr/$file" ] || fails deb "/usr/$file is not in it"
  done
  runs deb "$work/root/usr/bin/diagnose"
}

plugin() {
  command -v claude > /dev/null || { missing plugin 'claude is missing: npm install -g @anthropic-ai/claude-code'; return; }
  for path in integrations/claude-code; do
    # A home of its own: nobody's settings.
    HOME="$work" CLAUDE_CONFIG_DIR="$work/claude" claude plugin validate "$path" > "$work/said" 2>&1 ||
      { cat "$work/said"; fails plugin "$path is not valid"; return; }
  done
  echo 'plugin: valid'
}

for part in "${@:-wheel deb plugin}"; do
  for one in $part; do
    case $one in
      wheel | deb | plugin) "$one" ;;
      *) echo "usage: integrations/packages.sh [wheel] [deb] [plugin]" >&2; exit 2 ;;
    esac
  done
done
exit "$failed"
