package dev.snoozy.cli.serve;

import dev.snoozy.cli.MemoryReckoning;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.Fit;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.MemoryLimits;
import dev.snoozy.server.http.Json;
import dev.snoozy.studio.models.MemoryCheck;

import tools.jackson.databind.node.ObjectNode;

import java.util.Locale;

/** Says which models fit into the memory, as it is reckoned when they are loaded. */
final class StudioMemory implements MemoryCheck {
    @Override
    public ObjectNode of(GgufFile file) {
        LoadOptions options = LoadOptions.defaults();
        MemoryLimits limits = MemoryReckoning.limits(options);
        ObjectNode node = Json.object();
        MemoryReckoning.of(file, options)
                .ifPresent(need -> {
                    Fit fit = need.at(need.usual(0), limits);
                    node.put("need", fit.needed());
                    node.put("context", fit.contextLength());
                    limits.available().ifPresent(free -> node.put("free", free));
                    node.put("fits", fit.verdict() == Fit.Verdict.FITS);
                    node.put("verdict", fit.verdict().name().toLowerCase(Locale.ROOT));
                });
        return node;
    }
}
