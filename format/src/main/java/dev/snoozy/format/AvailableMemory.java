package dev.snoozy.format;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The memory that a process can still take without driving others to disk: on Linux what the kernel
 * estimates, and what the control groups of the process leave it; elsewhere a share of all.
 */
public final class AvailableMemory {
    private static final long KILO = 1024;

    private final Path root;

    private AvailableMemory(Path root) {
        this.root = root;
    }

    /** Bytes that are free on this machine, or nothing if none knows. */
    public static OptionalLong here() {
        OptionalLong found = under(Path.of("/"));
        return found.isPresent() ? found : most();
    }

    /**
     * Three quarters of all memory: systems that tell only what is unused count as used what they
     * fill with files and would give back.
     */
    private static OptionalLong most() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? OptionalLong.of(system.getTotalMemorySize() / 4 * 3)
                : OptionalLong.empty();
    }

    /** What Linux tells, of its files in a folder; nothing if they are not there. */
    static OptionalLong under(Path root) {
        return new AvailableMemory(root).bytes();
    }

    private OptionalLong bytes() {
        OptionalLong system = field(root.resolve("proc/meminfo"), "MemAvailable:");
        if (system.isEmpty()) {
            return system;
        }
        long least = system.getAsLong() * KILO;
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            // number:controllers:path, without controllers in the newer version
            String[] parts = line.split(":", 3);
            if (parts.length < 3) {
                continue;
            }
            if (parts[1].isEmpty()) {
                Path folder = root.resolve("sys/fs/cgroup");
                least = Math.min(least, unified(folder, parts[2]));
            } else if (List.of(parts[1].split(",")).contains("memory")) {
                Path folder = root.resolve("sys/fs/cgroup/memory");
                least = Math.min(least, older(folder, parts[2]));
            }
        }
        return OptionalLong.of(Math.max(0, least));
    }

    /** What the group and those above it leave, in version 2. */
    private static long unified(Path top, String path) {
        return least(top, path, "memory.max", "memory.current", "");
    }

    /** The same in version 1. */
    private static long older(Path top, String path) {
        return least(top, path, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_");
    }

    private static long least(Path top, String path, String limit, String used, String prefix) {
        long least = Long.MAX_VALUE;
        for (Path folder = inside(top, path); folder.startsWith(top); folder = up(folder)) {
            long left =
                    left(
                            number(folder.resolve(limit)),
                            number(folder.resolve(used)),
                            folder.resolve("memory.stat"),
                            prefix);
            least = Math.min(least, left);
        }
        return least;
    }

    /** A limit less what is used; pages of files count as free, since they can be dropped. */
    private static long left(OptionalLong limit, OptionalLong used, Path statistics, String of) {
        if (limit.isEmpty() || used.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long files =
                field(statistics, of + "inactive_file ").orElse(0)
                        + field(statistics, of + "active_file ").orElse(0);
        return limit.getAsLong() - used.getAsLong() + files;
    }

    private static Path inside(Path top, String path) {
        return top.resolve(path.replaceFirst("^/+", "")).normalize();
    }

    private static Path up(Path folder) {
        Path parent = folder.getParent();
        return parent == null ? Path.of("") : parent;
    }

    /** The number of a file; nothing if there is none, or it says "max". */
    private static OptionalLong number(Path file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? OptionalLong.empty() : parse(lines.getFirst());
    }

    /** The number after a name at the beginning of a line. */
    private static OptionalLong field(Path file, String name) {
        for (String line : lines(file)) {
            if (line.startsWith(name)) {
                return parse(line.substring(name.length()).replace("kB", ""));
            }
        }
        return OptionalLong.empty();
    }

    private static OptionalLong parse(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // another system, or a file that this process may not read
        }
    }
}
