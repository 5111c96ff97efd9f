package dev.snoozy.cli.serve;

import dev.snoozy.cli.MemoryReckoning;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.Fit;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.MemoryLimits;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.server.http.Json;
import dev.snoozy.studio.models.MemoryCheck;

import tools.jackson.databind.node.ObjectNode;

import java.util.Locale;
import java.util.Optional;

/** Says which models fit into the memory, as it is reckoned when they are loaded. */
final class StudioMemory implements MemoryCheck {
    private static final LoadOptions OPTIONS = LoadOptions.defaults();

    @Override
    public Verdict of(GgufFile file) {
        Optional<MemoryNeed> need = MemoryReckoning.of(file, OPTIONS);
        return () -> need.map(StudioMemory::verdict).orElseGet(Json::object);
    }

    private static ObjectNode verdict(MemoryNeed need) {
        MemoryLimits limits = MemoryReckoning.limits(OPTIONS);
        Fit fit = need.at(need.usual(0), limits);
        ObjectNode node = Json.object();
        node.put("need", fit.needed());
        node.put("context", fit.contextLength());
        limits.available().ifPresent(free -> node.put("free", free));
        node.put("fits", fit.verdict() == Fit.Verdict.FITS);
        node.put("verdict", fit.verdict().name().toLowerCase(Locale.ROOT));
        return node;
    }
}
