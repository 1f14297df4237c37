#!/usr/bin/env bash
# Coverage-guided fuzzing of what reads one kind of file, with AFL++ (Debian: apt-get install afl++) and SharpFuzz.
#   fuzz/run.sh KIND [seconds]    KIND as in Tests/Fuzz/FuzzSamples.cs: header, map, map.gz, map.bz2, pdb, cif, pdb.gz, fsc.csv, fsc.star, fsc.xml, mtf, job
# What it found new ways through the engine with is kept in Tests/Fuzz/Corpus/KIND, which the tests replay, and
# each file that is a fault; it ends with 1 then.
set -euo pipefail
cd "$(dirname "$0")"
kind=${1:?which kind of file} seconds=${2:-120}
work=$PWD/output/$kind corpus=$PWD/../Tests/Fuzz/Corpus/$kind program=$PWD/output/program
kept_bytes=49152 run=("$(command -v dotnet)" "$program/LocalDeblur.Fuzz.dll")

# Each file is written to be read: in memory where there is such a folder.
scratch=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$scratch"' EXIT
try=("${run[@]}" try "$kind" "$scratch")

# The tool changes the files that it instruments: they are published anew for each run. What is instrumented runs only as what is fuzzed.
rm -rf "$work" "$program"
dotnet publish -c Release -o "$program" -v quiet
"${run[@]}" seeds "$kind" "$work"
[ ! -d "$corpus" ] || cp "$corpus"/* "$work/seeds/"
dotnet tool restore >/dev/null
dotnet sharpfuzz "$program/LocalDeblur.Engine.dll"
dotnet sharpfuzz "$program/ICSharpCode.SharpZipLib.dll" ICSharpCode.SharpZipLib.BZip2

# No binary of AFL's own compiler; a crash is told by the program, not by the kernel; and one core is taken, whichever is free.
export AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 AFL_ALLOW_TMP=1
afl-fuzz -i "$work/seeds" -o "$work/found" -x "$work/words" -t 5000 -m none -V "$seconds" -- "${try[@]}" >"$work/log"
grep -E '^(execs_done|corpus_count|edges_found|bitmap_cvg|saved_crashes|saved_hangs|stability) ' "$work/found/default/fuzzer_stats"

afl-cmin -i "$work/found/default/queue" -o "$work/few" -t 5000 -m none -- "${try[@]}" >>"$work/log"
mkdir -p "$corpus"
find "$corpus" -type f ! -name 'fault-*' -delete
"${run[@]}" keep "$work/few" "$corpus" $kept_bytes
echo "kept: $(find "$corpus" -type f ! -name 'fault-*' | wc -l) of $(ls "$work/few" | wc -l) files that have all ways"

# What was a fault stays: the tests fail until it is none, and see to it that it is none again.
faults=$(find "$work"/found/default/crashes -name 'id:*') hangs=$(find "$work"/found/default/hangs -name 'id:*')
[ -z "$faults" ] || while read -r file; do cp "$file" "$corpus/fault-$(sha256sum "$file" | cut -c 1-12)"; done <<<"$faults"
[ -z "$faults$hangs" ] || { printf '%s\n' "Faults and hangs; each is shown by: ${run[*]} try $kind /tmp < FILE" $faults $hangs; exit 1; }
