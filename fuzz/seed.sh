#!/usr/bin/env bash
# Makes the seed corpora, which are not kept in the repository, from what is: transcripts and catalog files.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

for target in brute decode normalise records renderers stream catalog; do
  mkdir -p "corpus/$target"
done
for transcript in ../tests/transcripts/*; do
  name=$(basename "$transcript")
  # The head of a transcript is its verdict; the output begins in the fourth line.
  for target in brute decode normalise records renderers stream; do
    tail -n +4 "$transcript" >"corpus/$target/$name"
  done
done
# A catalog file cut into its entries: short inputs are changed faster than long ones.
awk '/^\[\[error\]\]/ { n++ } n { print > sprintf("corpus/catalog/%04d.toml", n); if (/^$/) close(sprintf("corpus/catalog/%04d.toml", n)) }' ../catalog/[!c]*.toml
# What is said of a catalog as a whole, and what is none.
printf '' >corpus/catalog/empty.toml
printf '[[error]]\nid = "x"\n' >corpus/catalog/short.toml
find corpus -type f | awk -F/ '{ count[$2]++ } END { for (target in count) print target ": " count[target] " seeds" }' | sort
