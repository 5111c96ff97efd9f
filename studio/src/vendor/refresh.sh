#!/usr/bin/env bash
# Fetches the modules of modules.txt with npm, copies the files that the page needs and writes the
# manifest. Nothing of a package is run. Use: studio/src/vendor/refresh.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=$here/../main/resources/dev/snoozy/studio/web/vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$target"
mkdir -p "$target"
entries=()
while read -r name version licence folder files; do
    case $name in '' | '#'*) continue ;; esac
    archive=$(cd "$work" && npm pack --ignore-scripts --silent "$name@$version")
    mkdir -p "$work/$folder"
    tar -xzf "$work/$archive" -C "$work/$folder" --strip-components=1
    for file in $files; do
        flat=${file#dist/} flat=${flat#lib/} flat=${flat#es/}
        mkdir -p "$(dirname "$target/$folder/$flat")"
        cp "$work/$folder/$file" "$target/$folder/$flat"
        chmod 644 "$target/$folder/$flat"
        sum=$(sha256sum "$target/$folder/$flat" | cut -d' ' -f1)
        entries+=("$(printf '  {"file": "%s", "name": "%s", "version": "%s", "licence": "%s", "sha256": "%s"}' \
            "$folder/$flat" "$name" "$version" "$licence" "$sum")")
    done
done < "$here/modules.txt"
{
    echo '['
    for i in "${!entries[@]}"; do
        if [ "$i" -lt $((${#entries[@]} - 1)) ]; then echo "${entries[$i]},"; else echo "${entries[$i]}"; fi
    done
    echo ']'
} > "$target/manifest.json"
