#!/usr/bin/env bash
# Proves that Semel can be linked: builds this example outside of the reactor against freshly installed artifacts, by the BOM
# alone, and runs it without a single JVM flag, on the JDK at hand and on the newest one of this machine. It fails when a record
# is lost or duplicated, or when a warning is printed. It ends with what an embedded user gets: the dependency tree, jars, size.
# Leaves nothing behind but target/ folders; your own Maven repository is only read.
set -euo pipefail
exec </dev/null
readonly example=$(cd "$(dirname "$0")" && pwd)
readonly root=$(cd "$example/../../.." && pwd)

# The first JDK that knows --sun-misc-unsafe-memory-access: from here on libraries that use Unsafe print warnings.
readonly oldest_newer_jdk=23
readonly jvm_folders=${SEMEL_JVM_FOLDERS:-/usr/lib/jvm}
readonly words_a_start=1000
# From the JVM, from a logger or from the logging library itself.
readonly warnings='WARN|ERROR|SEVERE|SLF4J|sun\.misc|[Rr]estricted method|[Ii]llegal|[Dd]eprecated|[Ee]xception'

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

say() { printf '\n=== %s\n' "$*"; }

fail() {
    printf 'linked-user: %s\n' "$*" >&2
    exit 1
}

# What the user's own repository holds need not be fetched again; what is installed goes to the scratch one.
maven() {
    "$root/mvnw" -q -B -ntp -Dmaven.repo.local="$scratch/repository" \
        -Dmaven.repo.local.tail="${HOME}/.m2/repository" "$@"
}

newest_jdk() {
    local home version newest=0 found=''
    for home in "$jvm_folders"/*; do
        [[ -x $home/bin/java && -r $home/release ]] || continue
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
        if [[ -n $version ]] && ((version >= oldest_newer_jdk && version > newest)); then
            newest=$version found=$home/bin/java
        fi
    done
    printf '%s' "$found"
}

# Starts the example twice on one directory: the second start goes on where the first one ended. Takes java, then its flags.
run() {
    local java=$1 start data out err
    shift
    data=$(mktemp -d -p "$scratch") out=$scratch/out err=$scratch/err
    for start in 1 2; do
        if ! env -u JAVA_TOOL_OPTIONS -u JDK_JAVA_OPTIONS "$java" "$@" \
            -cp "$scratch/project/target/classes:$scratch/project/target/jars/*" example.Shouting "$data" >"$out" 2>"$err"; then
            cat "$err" >&2
            fail "the example failed on $java $*"
        fi
        if grep -E "$warnings" "$out" "$err" >&2; then
            fail "the example printed warnings on $java $*"
        fi
        cat "$out"
        [[ $(<"$out") == "committed shouts: $((start * words_a_start))" ]] ||
            fail "start $start on $java $* should have found $((start * words_a_start)) committed records"
    done
}

say 'Install into a scratch repository'
(cd "$root" && maven install -Dmaven.test.skip=true -pl client,client/bom -am)

say 'Build the example by the BOM alone'
mkdir "$scratch/project"
cp -r "$example/pom.xml" "$example/src" "$scratch/project"
dependency=org.apache.maven.plugins:maven-dependency-plugin:$(
    sed -n 's|.*<plugin.dependency.version>\(.*\)</plugin.dependency.version>.*|\1|p' "$root/pom.xml")
(cd "$scratch/project" && maven compile "$dependency:copy-dependencies" -DincludeScope=runtime \
    -DoutputDirectory="$scratch/project/target/jars" "$dependency:tree" -DoutputFile="$scratch/tree")

here=${JAVA_HOME:+$JAVA_HOME/bin/}java
say "Run without flags: $("$here" -version 2>&1 | head -n 1)"
run "$here"

newer=$(newest_jdk)
if [[ -n $newer ]]; then
    say "Run without flags: $("$newer" -version 2>&1 | head -n 1)"
    run "$newer"
    say 'Run again, with access to Unsafe memory denied'
    run "$newer" --sun-misc-unsafe-memory-access=deny
elif [[ ${CI:-} == true ]]; then
    fail "no JDK $oldest_newer_jdk or newer in $jvm_folders; CI must test on one"
else
    say "Skipped: no JDK $oldest_newer_jdk or newer in $jvm_folders"
fi

say 'What an embedded user gets'
cat "$scratch/tree"
du -cb "$scratch/project/target/jars"/*.jar | awk '
    $2 == "total" { printf "%d jars, %.1f MB, the logger included\n", jars, $1 / 1e6; next }
    { jars++; sub(".*/", "", $2); printf "%9.1f KB  %s\n", $1 / 1e3, $2 }'
say 'The linked user is well'
