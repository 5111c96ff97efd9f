package dev.snoozy.cli.serve;

import dev.snoozy.cli.MemoryReckoning;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.Fit;
import dev.snoozy.format.MemoryLimits;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.server.http.Json;
import dev.snoozy.studio.models.MemoryCheck;

import tools.jackson.databind.node.ObjectNode;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Says which models fit into the memory, as it is reckoned when they are loaded. */
final class StudioMemory implements MemoryCheck {
    private static final LoadOptions OPTIONS = LoadOptions.defaults();

    @Override
    public Verdict of(Metadata metadata, Collection<TensorInfo> tensors, long bytes) {
        Optional<MemoryNeed> known = MemoryReckoning.of(metadata, tensors, OPTIONS);
        Optional<MemoryNeed> need = bytes == 0 ? known : known.map(n -> n.ofSize(bytes));
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
