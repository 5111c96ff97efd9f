package dev.snoozy.cli.serve;

import dev.snoozy.cli.MemoryReckoning;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.AvailableMemory;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.server.http.Json;
import dev.snoozy.studio.models.MemoryCheck;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;
import java.util.OptionalLong;

/** Says which models fit into the memory, as it is reckoned when they are loaded. */
final class StudioMemory implements MemoryCheck {
    @Override
    public ObjectNode of(GgufFile file) {
        ObjectNode node = Json.object();
        Optional<MemoryNeed> need = MemoryReckoning.of(file, LoadOptions.defaults());
        if (need.isEmpty()) {
            return node; // the file does not describe a whole network
        }
        long needed = MemoryReckoning.usual(need.get());
        node.put("need", needed);
        OptionalLong free = AvailableMemory.here();
        if (free.isPresent()) {
            node.put("free", free.getAsLong());
            node.put("fits", needed <= free.getAsLong());
        }
        return node;
    }
}
