#!/bin/sh
# Answers the two hooks of the plugin: `failed` (StopFailure) and `asked` (UserPromptExpansion of /diagnose). What the hook is handed comes on
# standard input as one line of JSON; the answer is JSON on standard output. Without an answer the client goes on as if there were no hook.
#
# Claude Code drops the text that StopFailure answers, but emits its `terminalSequence`, which terminals show as a notification. So the page is
# kept, too, and /diagnose shows it. A model is asked by neither: where the API is down, an answer that needs it would be none.
set -u
kept=${CLAUDE_PLUGIN_DATA:+$CLAUDE_PLUGIN_DATA/last-failure.txt}

if ! command -v diagnose > /dev/null; then
  echo 'the plugin needs the program: put diagnose on the PATH' >&2
  exit 1
fi

# The text on standard input, as it stands between the quotes of a JSON string. `diagnose` has removed control characters from all it prints.
json_string() { sed 's/["\\]/\\&/g' | awk '{ printf "%s%s", separator, $0; separator = "\\n" }'; }

input=$(cat)
about() { printf '%s\n' "$input" | diagnose --color never "$@"; }

case ${1:-} in
  failed)
    page=$(about) || exit 0
    if [ -n "$kept" ] && mkdir -p "$CLAUDE_PLUGIN_DATA"; then printf '%s\n' "$page" > "$kept"; fi
    # A notification is one line: which error, the first thing to do, and what is typed or opened for it. No character may end the sequence.
    first=$(for field in title steps.0.text steps.0.command; do about --print "$field"; done | tr -d '\000-\011\013-\037\177')
    line=$(printf '%s\n' "$first" | awk 'NF { printf "%s%s", separator, $0; separator = ": " }' | json_string)
    printf '{"systemMessage":"%s","terminalSequence":"\\u001b]9;Claude: %s\\u0007"}\n' "$(printf '%s\n' "$page" | json_string)" "$line"
    ;;
  asked)
    words=''
    case $input in
      # A quote inside of the words is written \", so the first that is bare ends them.
      *'"command_args":"'*) words=$(printf '%s\n' "$input" | sed -e 's/.*"command_args":"//' -e 's/","[a-z_]*":.*//') ;;
    esac
    if [ -n "$words" ]; then
      page=$(diagnose --color never -- "$words") || exit 0
    elif ! page=$(diagnose --last --color never 2> /dev/null < /dev/null); then
      page=$(cat "$kept" 2> /dev/null) || exit 0
    fi
    printf '{"decision":"block","reason":"%s"}\n' "$(printf '%s\n' "$page" | json_string)"
    ;;
  *)
    echo "usage: diagnose.sh failed|asked" >&2
    exit 1
    ;;
esac
