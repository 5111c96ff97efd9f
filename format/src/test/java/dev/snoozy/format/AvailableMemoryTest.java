package dev.snoozy.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class AvailableMemoryTest {
    @TempDir private Path root;

    @Test
    void withoutGroupsItIsTheKernelsEstimate() throws IOException {
        write("proc/meminfo", "MemTotal: 8000 kB\nMemFree: 10 kB\nMemAvailable:    3000 kB\n");
        assertThat(AvailableMemory.under(root)).hasValue(3000 * 1024);
    }

    @Test
    void aGroupAboveTheProcessLimitsIt() throws IOException {
        write("proc/meminfo", "MemAvailable: 3000 kB\n");
        write("proc/self/cgroup", "0::/user/app\n");
        write("sys/fs/cgroup/user/app/memory.max", "max\n");
        write("sys/fs/cgroup/user/app/memory.current", "400000\n");
        write("sys/fs/cgroup/user/memory.max", "1000000\n");
        write("sys/fs/cgroup/user/memory.current", "700000\n");
        write(
                "sys/fs/cgroup/user/memory.stat",
                "anon 5\ninactive_file 100000\nactive_file 20000\n");
        assertThat(AvailableMemory.under(root)).hasValue(420_000);
    }

    @Test
    void aGroupOfTheOlderVersionLimitsIt() throws IOException {
        write("proc/meminfo", "MemAvailable: 3000 kB\n");
        write("proc/self/cgroup", "9:name=systemd:/\n4:cpu,memory:/box\n0::/\n");
        write("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "900000\n");
        write("sys/fs/cgroup/memory/box/memory.usage_in_bytes", "500000\n");
        write(
                "sys/fs/cgroup/memory/box/memory.stat",
                "inactive_file 7\ntotal_inactive_file 1000\ntotal_active_file 200\n");
        assertThat(AvailableMemory.under(root)).hasValue(401_200);
    }

    @Test
    void aGroupThatIsFullLeavesNothing() throws IOException {
        write("proc/meminfo", "MemAvailable: 3000 kB\n");
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", "1000\n");
        write("sys/fs/cgroup/memory.current", "2000\n");
        assertThat(AvailableMemory.under(root)).hasValue(0);
    }

    @Test
    void withoutTheFilesNothingIsKnownOfThem() {
        assertThat(AvailableMemory.under(root)).isEmpty();
        assertThat(AvailableMemory.here()).isPresent();
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
