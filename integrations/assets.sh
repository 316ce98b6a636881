#!/bin/sh
# Has the program write what packages carry beside it: the manual page, and completions under the names that shells look for.
# usage: integrations/assets.sh BINARY [FOLDER], by default target/assets
set -eu
binary=${1:?usage: integrations/assets.sh BINARY [FOLDER]}
folder=${2:-target/assets}
mkdir -p "$folder"
"$binary" --man > "$folder/diagnose.1"
"$binary" --completions bash > "$folder/diagnose.bash"
"$binary" --completions zsh > "$folder/_diagnose"
"$binary" --completions fish > "$folder/diagnose.fish"
"$binary" --completions powershell > "$folder/_diagnose.ps1"
"$binary" --completions elvish > "$folder/diagnose.elv"
