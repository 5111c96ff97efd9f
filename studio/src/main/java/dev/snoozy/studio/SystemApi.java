package dev.snoozy.studio;

import com.sun.management.OperatingSystemMXBean;

import dev.snoozy.format.AvailableMemory;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelPool;
import dev.snoozy.studio.api.ApiRoutes;
import dev.snoozy.studio.api.Call;
import dev.snoozy.studio.models.MachineSettings;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.lang.management.ManagementFactory;

/** What the page asks about this machine. */
final class SystemApi {
    private final StudioOptions options;
    private final String notice;
    private final Service service;
    private final MachineSettings machine;

    SystemApi(StudioOptions options, String notice, Service service, MachineSettings machine) {
        this.options = options;
        this.notice = notice;
        this.service = service;
        this.machine = machine;
    }

    void addTo(ApiRoutes routes) {
        routes.on("GET", "/system", this::system);
    }

    private void system(Call call) {
        ObjectNode node = Json.object();
        node.put("version", options.version());
        node.put("dataFolder", options.home().toString());
        int threads = service.pool().options().load().threads();
        node.put("threads", machine.threads().orElse(threads));
        node.put("threadsGiven", machine.given(MachineSettings.THREADS).orElse(""));
        node.put("memoryGiven", machine.given(MachineSettings.MEMORY).orElse(""));
        node.put("processors", Runtime.getRuntime().availableProcessors());
        node.put(
                "machine",
                System.getProperty("os.name")
                        + " "
                        + System.getProperty("os.arch")
                        + ", Java "
                        + Runtime.version().feature());
        ObjectNode memory = node.putObject("memory");
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            memory.put("total", system.getTotalMemorySize());
        }
        AvailableMemory.here().ifPresent(free -> memory.put("free", free));
        memory.put(
                "used", service.pool().loaded().stream().mapToLong(ModelPool.Status::bytes).sum());
        memory.put("budget", service.pool().memory());
        ArrayNode features = node.putArray("features");
        if (options.hub() != null) {
            features.add("hub");
        }
        ArrayNode notices = node.putArray("notices");
        if (!notice.isEmpty()) {
            notices.add(notice);
        }
        call.json(node);
    }
}
