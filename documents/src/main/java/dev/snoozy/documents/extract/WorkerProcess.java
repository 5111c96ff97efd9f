package dev.snoozy.documents.extract;

import dev.snoozy.documents.extract.ExtractionException.Reason;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A worker process as the program sees it. Used by one thread at a time. */
final class WorkerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);

    /** What Java ends with at SIGHUP, SIGINT and SIGTERM. */
    private static final Set<Integer> STOPPED = Set.of(129, 130, 143);

    private final Process process;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Path folder;
    private final ScheduledExecutorService clock;

    private WorkerProcess(Process process, Path folder, ScheduledExecutorService clock) {
        this.process = process;
        this.folder = folder;
        this.clock = clock;
        in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
        out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
    }

    /** Starts a worker and waits until it is there. */
    static WorkerProcess start(int heapMegabytes, ScheduledExecutorService clock)
            throws ExtractionException {
        Path folder = null;
        WorkerProcess worker = null;
        try {
            folder = Files.createTempDirectory("snoozy-documents");
            worker = new WorkerProcess(launch(heapMegabytes, folder), folder, clock);
            int said = worker.within(START, worker.in::readInt);
            if (said != Wire.READY) {
                throw new IOException("it said " + said);
            }
            return worker;
        } catch (IOException e) {
            if (worker != null) {
                worker.close();
            } else if (folder != null) {
                delete(folder);
            }
            throw new ExtractionException(
                    Reason.SYSTEM,
                    "the process that reads documents cannot be started: " + e.getMessage());
        }
    }

    private static Process launch(int heapMegabytes, Path folder) throws IOException {
        Path noHosts = Files.createFile(folder.resolve("hosts"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heapMegabytes + "m");
        command.add("-Xss2m");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-XX:-UsePerfData");
        command.add("-Xshare:auto");
        command.add("-Djava.awt.headless=true");
        command.add("-Djava.io.tmpdir=" + folder);
        command.add("-Djdk.net.hosts.file=" + noHosts); // no name of a host is ever found
        command.add("-Djavax.xml.accessExternalDTD=");
        command.add("-Djavax.xml.accessExternalSchema=");
        command.add("-Djavax.xml.accessExternalStylesheet=");
        command.add("-Djdk.xml.entityExpansionLimit=1000");
        command.add("-cp");
        command.add(classPath());
        command.add(Worker.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        return builder.start();
    }

    /** All of the program, whichever of the two paths it was started with, made absolute. */
    private static String classPath() {
        return Stream.of("java.class.path", "jdk.module.path")
                .map(name -> System.getProperty(name, ""))
                .flatMap(path -> Stream.of(path.split(File.pathSeparator)))
                .filter(entry -> !entry.isEmpty())
                .flatMap(WorkerProcess::jars)
                .map(path -> path.toAbsolutePath().toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** An entry of a module path may be a folder of archives. */
    private static Stream<Path> jars(String entry) {
        Path path = Path.of(entry);
        File[] inside = path.toFile().listFiles((dir, name) -> name.endsWith(".jar"));
        return inside == null || inside.length == 0
                ? Stream.of(path)
                : Stream.concat(Stream.of(path), Stream.of(inside).map(File::toPath));
    }

    /**
     * Has a file read.
     *
     * @throws IOException if the worker has ended; it is of no use any more
     */
    ExtractedDocument read(Path file, ExtractionLimits limits)
            throws IOException, ExtractionException {
        Wire.writeText(out, file.toString());
        out.writeInt(limits.characters());
        out.flush();
        return within(limits.time(), () -> Wire.read(in, limits.characters()));
    }

    @FunctionalInterface
    private interface Waiting<T, E extends Exception> {
        T get() throws IOException, E;
    }

    /** Waits for the worker; it is ended when the time is over, which ends the waiting. */
    private <T, E extends Exception> T within(Duration time, Waiting<T, E> waiting)
            throws IOException, E, ExtractionException {
        AtomicBoolean late = new AtomicBoolean();
        ScheduledFuture<?> end =
                clock.schedule(
                        () -> {
                            late.set(true);
                            process.destroyForcibly();
                        },
                        time.toMillis(),
                        TimeUnit.MILLISECONDS);
        try {
            return waiting.get();
        } catch (IOException e) {
            if (late.get()) {
                throw new ExtractionException(
                        Reason.LIMIT,
                        "reading it takes more than %d seconds; cure: split the file"
                                .formatted(Math.max(1, time.toSeconds())));
            }
            throw e;
        } finally {
            end.cancel(false);
        }
    }

    /** Whether somebody has stopped the process, as Ctrl-C does with all those of a terminal. */
    boolean wasStopped() {
        try {
            return process.waitFor(1, TimeUnit.SECONDS) && STOPPED.contains(process.exitValue());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        delete(folder);
    }

    /** What is left behind lies in the system's temporary folder; no reason to fail. */
    private static void delete(Path folder) {
        try {
            Files.walkFileTree(
                    folder,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes of)
                                throws IOException {
                            Files.deleteIfExists(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e)
                                throws IOException {
                            Files.deleteIfExists(dir);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            folder.toFile().deleteOnExit();
        }
    }
}
