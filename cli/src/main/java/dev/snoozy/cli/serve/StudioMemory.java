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
import java.util.function.Supplier;

/** Says which models fit into the memory, as it is reckoned when they are loaded. */
final class StudioMemory implements MemoryCheck {
    private final Supplier<LoadOptions> options;

    /** For models that are loaded with such options. */
    StudioMemory(Supplier<LoadOptions> options) {
        this.options = options;
    }

    @Override
    public Verdict of(Metadata metadata, Collection<TensorInfo> tensors, long bytes) {
        Optional<MemoryNeed> known = MemoryReckoning.of(metadata, tensors, options.get());
        Optional<MemoryNeed> need = bytes == 0 ? known : known.map(n -> n.ofSize(bytes));
        return () -> need.map(this::verdict).orElseGet(Json::object);
    }

    private ObjectNode verdict(MemoryNeed need) {
        MemoryLimits limits = MemoryReckoning.limits(options.get());
        Fit fit = need.at(need.usual(options.get().contextLength()), limits);
        ObjectNode node = Json.object();
        node.put("need", fit.needed());
        node.put("context", fit.contextLength());
        limits.available().ifPresent(free -> node.put("free", free));
        node.put("fits", fit.verdict() == Fit.Verdict.FITS);
        node.put("verdict", fit.verdict().name().toLowerCase(Locale.ROOT));
        return node;
    }
}
