package io.semel.benchmarks.paired;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.semel.benchmarks.workload.Payload;

/** Writes results for machines: everything that is needed to doubt them. Stateless. */
public final class ResultFile {
    private ResultFile() {
    }

    /** @param environment as it was before the run */
    public static void write(Path file, Map<String, Object> environment, Settings settings, Set<Claim> claims,
            Results results) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("environment", environment);
        all.put("settings", settings(settings));
        all.put("claims", claims.stream().map(claim -> claim(claim, results)).toList());
        all.put("contenders", results.contenders().stream().map(contender -> contender(contender, results)).toList());
        Map<String, Object> skipped = new LinkedHashMap<>();
        results.skipped().forEach((contender, why) -> skipped.put(contender.id(), why));
        all.put("skipped", skipped);
        Path parent = file.toAbsolutePath().getParent();
        Files.createDirectories(parent);
        Files.writeString(file, Json.of(all));
    }

    private static Map<String, Object> settings(Settings settings) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("depth", settings.depth().name());
        all.put("rounds", settings.rounds());
        all.put("records", settings.amounts().records());
        all.put("sustainedBytes", settings.amounts().sustainedBytes());
        all.put("openBytes", settings.amounts().openBytes());
        all.put("payloadBytes", List.of(Payload.SMALL, Payload.LARGE));
        all.put("partitions", "1; 100 where a directory is opened after a kill");
        all.put("durability",
                "PROCESS: no contender forces to disk, but for those named POWER and the raw force beside them");
        all.put("warmUpMs", settings.warmUp().toMillis());
        all.put("pinning", "writer on core 0, reader on core 1, where a sample says pinned=1; all else floats");
        all.put("jvm", "a fresh one for every contender in every round");
        return all;
    }

    private static Map<String, Object> claim(Claim claim, Results results) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("id", claim.name());
        all.put("title", claim.title());
        all.put("contenders", claim.contenders().stream().map(Contender::id).toList());
        List<Object> targets = new ArrayList<>();
        for (Target target : claim.targets()) {
            targets.add(target.judge(results).map(ResultFile::outcome).orElseGet(() -> Map.of("notMeasured", target
                    .toString())));
        }
        all.put("targets", targets);
        return all;
    }

    private static Map<String, Object> outcome(Target.Outcome outcome) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("subject", outcome.subject().id());
        all.put("of", outcome.name());
        all.put("sense", outcome.sense().sign());
        all.put("asked", outcome.asked());
        all.put("median", outcome.figure());
        all.put("lowest", outcome.lowest());
        all.put("highest", outcome.highest());
        all.put("reached", outcome.reached());
        return all;
    }

    private static Map<String, Object> contender(Contender contender, Results results) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("id", contender.id());
        all.put("title", contender.title());
        all.put("jvmFlags", ContenderJvm.flagsOf(contender));
        all.put("medianPerSecond", Math.round(results.medianPerSecond(contender)));
        all.put("samples", results.of(contender).stream().map(ResultFile::sample).toList());
        List<ProfileLine> profile = results.profiles().get(contender);
        if (profile != null) {
            Map<String, Object> shares = new LinkedHashMap<>();
            profile.forEach(line -> shares.put(line.place(), line.permille()));
            all.put("profilePermille", shares);
        }
        return all;
    }

    private static Map<String, Object> sample(Sample sample) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("operations", sample.operations());
        all.put("elapsedNs", sample.elapsedNs());
        all.put("perSecond", Math.round(sample.perSecond()));
        all.putAll(sample.figures());
        return all;
    }
}
