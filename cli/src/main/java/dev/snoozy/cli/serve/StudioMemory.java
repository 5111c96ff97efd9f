package dev.snoozy.cli.serve;

import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.AvailableMemory;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.server.http.Json;
import dev.snoozy.studio.models.MemoryCheck;

import tools.jackson.databind.node.ObjectNode;

import java.util.OptionalLong;

/** Says which models fit into the memory, as it is reckoned when they are loaded. */
final class StudioMemory implements MemoryCheck {
    @Override
    public ObjectNode of(GgufFile file) {
        ObjectNode node = Json.object();
        try {
            CacheType cache = CacheType.beside(LoadOptions.defaults().precision());
            long bytes = file.tensors().stream().mapToLong(TensorInfo::bytes).sum();
            MemoryNeed need = MemoryNeed.of(file.metadata(), bytes, cache::bytes);
            long needed = need.packed(0, 0);
            node.put("need", needed);
            OptionalLong free = AvailableMemory.here();
            if (free.isPresent()) {
                node.put("free", free.getAsLong());
                node.put("fits", needed <= free.getAsLong());
            }
        } catch (FormatException e) {
            return Json.object(); // the file does not describe a whole network
        }
        return node;
    }
}
